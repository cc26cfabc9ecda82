#pragma once

#include <csignal>

#include "cli/child.hpp"

namespace p11csr::cli {

/// SignalRelay keeps SIGINT, SIGTERM, SIGHUP and SIGQUIT from ending the process, so that it can clean up, and hands
/// them to a child instead. What was ignored at the program's start (nohup) stays so. One thread must do all this, and
/// before any other is started. The signals stay held back after its end: the process is about to end itself.
class SignalRelay {
 public:
  SignalRelay();

  /// throw_if_signalled throws Error(interrupted) when a signal has come already.
  void throw_if_signalled() const;

  /// wait_for waits for the child's end and gives its exit code as Child::wait does. A signal that the terminal sent
  /// has reached the child already; any other is passed on.
  [[nodiscard]] int wait_for(Child& child) const;

 private:
  sigset_t signals_;
};

}  // namespace p11csr::cli
