#include "cli/lines_within.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/descriptor.hpp"

namespace p11csr::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLines = 3;

[[noreturn]] void run_alone(int lines, const std::function<void(const LineWriter&)>& work) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nothing = open("/dev/null", O_RDWR);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nothing, stream);
  dup2(lines, kLines);
  close_range(kLines + 1, ~0U, 0);
  try {
    work([](const std::string& line) { static_cast<void>(write_all(kLines, line + '\n')); });
  } catch (...) {  // nobody is there to be told
  }
  _exit(0);
}

std::string read_until(int fd, Clock::time_point end) {
  std::string text;
  std::array<char, 4096> part{};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0) return text;
    pollfd waited{fd, POLLIN, 0};
    const int ready = poll(&waited, 1, static_cast<int>(left));
    if (ready == 0 || (ready < 0 && errno != EINTR)) return text;
    if (ready < 0) continue;
    const ssize_t size = read(fd, part.data(), part.size());
    if (size <= 0) return text;
    text.append(part.data(), static_cast<std::size_t>(size));
  }
}

// The last line may be half a line.
std::vector<std::string> whole_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t start = 0;
  for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

}  // namespace

std::vector<std::string> lines_within(std::chrono::milliseconds limit,
                                      const std::function<void(const LineWriter&)>& work) {
  const auto end = Clock::now() + limit;
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const pid_t child = fork();
  if (child == 0) run_alone(ends[1], work);
  close(ends[1]);
  std::string text;
  if (child > 0) {
    setpgid(child, child);
    text = read_until(ends[0], end);
    kill(-child, SIGKILL);
    // One that the kernel holds fast is not waited for.
    waitpid(child, nullptr, WNOHANG);
  }
  close(ends[0]);
  return whole_lines(text);
}

void each_in_parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
  for (std::size_t index = 0; index < count; ++index) {
    if (fork() != 0) continue;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    try {
      work(index);
    } catch (...) {  // the others go on
    }
    _exit(0);
  }
  while (wait(nullptr) > 0 || errno == EINTR) {
  }
}

}  // namespace p11csr::cli
