#pragma once

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <string_view>

#include <p11csr/model/bytes.hpp>

#pragma GCC visibility push(default)
namespace p11csr {

/// Secret owns octets that must not be seen: a PIN. Move-only, not printable, wiped when it ends.
/// A moved-from Secret is empty. Its storage never moves, so no copy is left behind by growth. It has memory pages of
/// its own, which are left out of core dumps, and kept out of swap where the person's limits allow it.
class Secret {
 public:
  /// Secret of `capacity` octets at most; starts empty. Throws std::bad_alloc.
  explicit Secret(std::size_t capacity);
  /// from_text copies text into a new Secret; wiping the source is the caller's duty.
  [[nodiscard]] static Secret from_text(std::string_view text);

  /// Secret takes over the pages of another one, which is empty then.
  Secret(Secret&& other) noexcept;
  /// What it held before is wiped.
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() = default;

  /// view looks at the octets that count, as long as the Secret lives and is not moved from.
  [[nodiscard]] ByteView view() const noexcept { return {data_.get(), size_}; }
  /// size is how many octets count.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// capacity is how many octets there is room for.
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  /// empty tells that no octet counts.
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  /// buffer is the whole capacity, to be written into; set_size then says how much of it counts.
  [[nodiscard]] std::span<std::uint8_t> buffer() noexcept { return {data_.get(), capacity_}; }
  /// set_size keeps the first `size` octets (at most capacity) and wipes the rest.
  void set_size(std::size_t size) noexcept;

  friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;

 private:
  /// WipePages overwrites the pages that hold `capacity` octets and gives them back.
  struct WipePages {
    std::size_t capacity = 0;
    void operator()(std::uint8_t* pages) const noexcept;
  };
  using Pages = std::unique_ptr<std::uint8_t[], WipePages>;

  [[nodiscard]] static Pages make_pages(std::size_t capacity);

  Pages data_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

/// wipe overwrites memory that held a secret, in a way the compiler keeps.
void wipe(std::span<char> memory) noexcept;

}  // namespace p11csr
#pragma GCC visibility pop
