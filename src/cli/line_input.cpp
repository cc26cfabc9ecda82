#include "cli/line_input.hpp"

#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>
#include <vector>

#include <p11csr/model/error.hpp>

#include "cli/descriptor.hpp"
#include "cli/heeded_signals.hpp"

namespace p11csr::cli {
namespace {

// A signal is read from a descriptor instead of being handled: a handler that runs just before read() begins would
// leave read() waiting, and with it the person who pressed Ctrl-C.
class SignalsAsInput {
 public:
  SignalsAsInput()
      : signals_(heeded_signals({SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP})),
        before_(blocked()),
        descriptor_(signalfd(-1, &signals_, SFD_CLOEXEC | SFD_NONBLOCK)) {}
  ~SignalsAsInput() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsAsInput(const SignalsAsInput&) = delete;
  SignalsAsInput& operator=(const SignalsAsInput&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  // take tells whether a signal came, and takes it: it must not end the process once the mask is as it was.
  [[nodiscard]] bool take() const {
    signalfd_siginfo info{};
    return read(descriptor_.get(), &info, sizeof info) > 0;
  }

 private:
  [[nodiscard]] sigset_t blocked() const {
    sigset_t before;
    pthread_sigmask(SIG_BLOCK, &signals_, &before);
    return before;
  }

  sigset_t signals_;
  sigset_t before_;
  Descriptor descriptor_;
};

class WithoutEcho {
 public:
  explicit WithoutEcho(int fd) : fd_(fd) {
    const bool known = tcgetattr(fd, &before_) == 0;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    hidden.c_lflag |= static_cast<tcflag_t>(ECHONL);
    if (!known || tcsetattr(fd, TCSAFLUSH, &hidden) != 0)
      throw Error(Errc::pin_missing, "the terminal cannot be set to hide what is typed");
  }
  ~WithoutEcho() { tcsetattr(fd_, TCSANOW, &before_); }
  WithoutEcho(const WithoutEcho&) = delete;
  WithoutEcho& operator=(const WithoutEcho&) = delete;

 private:
  int fd_;
  termios before_{};
};

// The number of octets before the line end; nothing where input or patience ended first.
std::optional<std::size_t> read_line(int fd, const SignalsAsInput& signals, std::span<std::uint8_t> into) {
  std::size_t size = 0;
  while (true) {
    std::array<pollfd, 2> sources{pollfd{signals.descriptor(), POLLIN, 0}, pollfd{fd, POLLIN, 0}};
    if (poll(sources.data(), sources.size(), -1) < 0 && errno != EINTR) return std::nullopt;
    if (signals.take()) return std::nullopt;
    if (sources[1].revents == 0) continue;
    const ssize_t count = read(fd, into.data() + size, into.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::nullopt;
    size += static_cast<std::size_t>(count);
    if (into[size - 1] == '\n') return size - 1;
    if (size == into.size()) throw Error(Errc::pin_missing, "the line is longer than any secret can be");
  }
}

std::optional<std::size_t> ask_line(int fd, const std::string& prompt, const SignalsAsInput& signals,
                                    std::span<std::uint8_t> into) {
  const bool asked = write_all(fd, prompt);
  const auto size = asked ? read_line(fd, signals, into) : std::nullopt;
  if (!size) static_cast<void>(write_all(fd, "\n"));
  return size;
}

void require(const SignalsAsInput& signals) {
  if (signals.descriptor() < 0) throw Error(Errc::unexpected, "the prompt cannot be made");
}

}  // namespace

std::optional<Secret> read_hidden_line(int fd, const std::string& prompt, std::size_t most) {
  const SignalsAsInput signals;
  require(signals);
  const WithoutEcho hidden(fd);
  Secret line(most + 1);
  const auto size = ask_line(fd, prompt, signals, line.buffer());
  if (!size) return std::nullopt;
  line.set_size(*size);
  return line;
}

std::optional<std::string> read_shown_line(int fd, const std::string& prompt) {
  constexpr std::size_t most = 4096;  // a terminal's own limit (N_TTY)
  const SignalsAsInput signals;
  require(signals);
  std::vector<std::uint8_t> line(most);
  const auto size = ask_line(fd, prompt, signals, line);
  if (!size) return std::nullopt;
  return std::string(as_text(ByteView(line).first(*size)));
}

}  // namespace p11csr::cli
