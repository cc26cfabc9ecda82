#pragma once

#include <string_view>
#include <unistd.h>

namespace p11csr::cli {

/// Descriptor is an open file, closed at its end; a negative one is none.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_;
};

/// write_all writes the whole text, past every stream's buffer; false, and errno, where that fails.
[[nodiscard]] bool write_all(int fd, std::string_view text) noexcept;

}  // namespace p11csr::cli
