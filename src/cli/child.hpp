#pragma once

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace p11csr::cli {

/// Child is a program that was started with default signal handling. Its end is waited for in the destructor at last.
class Child {
 public:
  /// reading_from starts a program, found in PATH, whose standard output is read through output(). It reads from
  /// `input`, a descriptor, where that is not negative. Throws Error(file_failed) where it cannot be started.
  [[nodiscard]] static Child reading_from(const std::vector<std::string>& command, int input = -1);
  /// beside starts a program with our own streams. Empty where it cannot be started; `reason` is then the errno.
  [[nodiscard]] static std::optional<Child> beside(const std::vector<std::string>& command, int& reason);

  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  [[nodiscard]] int output() const noexcept { return output_; }
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  /// wait gives the exit code as a shell tells it: 128 and the signal's number for a program that a signal ended.
  [[nodiscard]] int wait();

 private:
  Child(pid_t pid, int output) : pid_(pid), output_(output) {}

  pid_t pid_;
  int output_;
};

}  // namespace p11csr::cli
