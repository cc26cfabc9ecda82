#include "cli/child.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <p11csr/model/error.hpp>

#include "cli/core_dumps.hpp"

namespace p11csr::cli {
namespace {

class SpawnSettings {
 public:
  SpawnSettings() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    // The program ignores SIGPIPE and SIGXFSZ and may block others: none of that is for a child to inherit. What the
    // program itself was started to ignore (nohup) is.
    sigset_t none;
    sigemptyset(&none);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGXFSZ);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  void take_input_from(int fd) { posix_spawn_file_actions_adddup2(&actions_, fd, STDIN_FILENO); }
  void send_output_to(int fd) { posix_spawn_file_actions_adddup2(&actions_, fd, STDOUT_FILENO); }

  /// spawn gives 0 and the child's pid, or the errno.
  [[nodiscard]] int spawn(const std::vector<std::string>& command, pid_t& pid) {
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    const CoreLimitOfStart its_own;
    return posix_spawnp(&pid, arguments.front(), &actions_, &attributes_, arguments.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

Child Child::reading_from(const std::vector<std::string>& command, int input) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw Error(Errc::unexpected, "cannot make a pipe");
  try {
    SpawnSettings settings;
    settings.send_output_to(ends[1]);
    if (input >= 0) settings.take_input_from(input);
    pid_t pid = -1;
    if (const int reason = settings.spawn(command, pid); reason != 0)
      throw Error(Errc::file_failed, fmt::format("cannot start '{}': {}", command.front(), std::strerror(reason)));
    Child child(pid, ends[0]);
    close(ends[1]);
    return child;
  } catch (...) {
    close(ends[0]);
    close(ends[1]);
    throw;
  }
}

std::optional<Child> Child::beside(const std::vector<std::string>& command, int& reason) {
  SpawnSettings settings;
  pid_t pid = -1;
  reason = settings.spawn(command, pid);
  if (reason != 0) return std::nullopt;
  return Child(pid, -1);
}

Child::Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)), output_(std::exchange(other.output_, -1)) {}

Child::~Child() {
  if (output_ >= 0) close(output_);
  if (pid_ > 0) static_cast<void>(wait());
}

int Child::wait() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace p11csr::cli
