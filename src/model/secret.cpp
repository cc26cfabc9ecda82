#include <algorithm>
#include <openssl/crypto.h>
#include <utility>

#include <p11csr/model/secret.hpp>

namespace p11csr {

Secret::Secret(std::size_t capacity) : data_(std::make_unique<std::uint8_t[]>(capacity)), capacity_(capacity) {}

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
  wipe();
  data_ = std::move(other.data_);
  capacity_ = std::exchange(other.capacity_, 0);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

Secret::~Secret() { wipe(); }

void Secret::set_size(std::size_t size) noexcept {
  size_ = std::min(size, capacity_);
  if (size_ < capacity_) OPENSSL_cleanse(data_.get() + size_, capacity_ - size_);
}

void Secret::wipe() noexcept {
  if (data_) OPENSSL_cleanse(data_.get(), capacity_);
}

void wipe(std::span<char> memory) noexcept {
  if (!memory.empty()) OPENSSL_cleanse(memory.data(), memory.size());
}

}  // namespace p11csr
