#include "cli/signal_relay.hpp"

#include <sys/wait.h>

#include <p11csr/model/error.hpp>

#include "cli/heeded_signals.hpp"

namespace p11csr::cli {
namespace {

bool has_ended(pid_t pid) {
  siginfo_t state{};
  return waitid(P_PID, static_cast<id_t>(pid), &state, WEXITED | WNOHANG | WNOWAIT) != 0 || state.si_pid == pid;
}

}  // namespace

SignalRelay::SignalRelay() : signals_(heeded_signals({SIGINT, SIGTERM, SIGHUP, SIGQUIT})) {
  // A parent that ignores SIGCHLD hands that down, and the child's exit code would be lost.
  signal(SIGCHLD, SIG_DFL);
  sigset_t held = signals_;
  sigaddset(&held, SIGCHLD);
  pthread_sigmask(SIG_BLOCK, &held, nullptr);
}

void SignalRelay::throw_if_signalled() const {
  constexpr timespec at_once{0, 0};
  if (sigtimedwait(&signals_, nullptr, &at_once) > 0) throw Error(Errc::interrupted, "interrupted");
}

int SignalRelay::wait_for(Child& child) const {
  sigset_t awaited = signals_;
  sigaddset(&awaited, SIGCHLD);
  while (!has_ended(child.pid())) {
    siginfo_t info{};
    const int signal = sigwaitinfo(&awaited, &info);
    if (signal <= 0 || signal == SIGCHLD || info.si_code == SI_KERNEL) continue;
    kill(child.pid(), signal);
  }
  return child.wait();
}

}  // namespace p11csr::cli
