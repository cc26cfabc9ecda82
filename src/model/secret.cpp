#include <algorithm>
#include <new>
#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

#include <p11csr/model/secret.hpp>

namespace p11csr {
namespace {

// At least one, so that an empty PIN has an address too: a null pointer tells a token to ask at its PIN pad.
std::size_t whole_pages(std::size_t capacity) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return std::max<std::size_t>(capacity / page + (capacity % page == 0 ? 0 : 1), 1) * page;
}

}  // namespace

// What the kernel locks and leaves out of a dump it counts in pages, so a secret shares its pages with nothing. The two
// calls may fail, mlock for want of RLIMIT_MEMLOCK: a PIN that cannot be locked serves all the same.
Secret::Pages Secret::make_pages(std::size_t capacity) {
  const std::size_t size = whole_pages(capacity);
  void* pages = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  static_cast<void>(madvise(pages, size, MADV_DONTDUMP));
  static_cast<void>(mlock2(pages, size, 0));  // the sanitizers make nothing of mlock
  return Pages(static_cast<std::uint8_t*>(pages), WipePages{capacity});
}

void Secret::WipePages::operator()(std::uint8_t* pages) const noexcept {
  OPENSSL_cleanse(pages, capacity);
  munmap(pages, whole_pages(capacity));
}

Secret::Secret(std::size_t capacity) : data_(make_pages(capacity)), capacity_(capacity) {}

Secret Secret::from_text(std::string_view text) {
  Secret secret(text.size());
  std::copy(text.begin(), text.end(), secret.data_.get());
  secret.size_ = text.size();
  return secret;
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::move(other.data_)),
      capacity_(std::exchange(other.capacity_, 0)),
      size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  data_ = std::move(other.data_);
  capacity_ = std::exchange(other.capacity_, 0);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

void Secret::set_size(std::size_t size) noexcept {
  size_ = std::min(size, capacity_);
  if (size_ < capacity_) OPENSSL_cleanse(data_.get() + size_, capacity_ - size_);
}

void wipe(std::span<char> memory) noexcept {
  if (!memory.empty()) OPENSSL_cleanse(memory.data(), memory.size());
}

}  // namespace p11csr
