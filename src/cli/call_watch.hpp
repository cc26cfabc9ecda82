#pragma once

#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <thread>

#include <p11csr/pkcs11/call_monitor.hpp>

#include "cli/error_report.hpp"

namespace p11csr::cli {

/// WatchSettings is how calls are watched.
struct WatchSettings {
  std::optional<std::chrono::seconds> timeout;  // of every call; else 60 s, generation 600 s
  bool trace = false;                           // a line on stderr for every call
  ErrorForm form = ErrorForm::words;
  bool generates = false;            // show elapsed time while a key is made
  std::function<void()> before_end;  // what is to be cleaned up where the process is ended at once; may be empty
};

/// CallWatch ends a call that hangs, traces calls, shows how long a generation takes, and stops between two calls on
/// Ctrl-C. From the first call on a thread of its own takes SIGINT, SIGTERM and SIGHUP; that thread alone may end the
/// process: when a call hangs (exit 7) and at the second Ctrl-C (exit 130).
class CallWatch : public CallMonitor {
 public:
  CallWatch(WatchSettings settings, std::ostream& err);
  CallWatch(const CallWatch&) = delete;
  CallWatch& operator=(const CallWatch&) = delete;
  ~CallWatch() override;

  void before(const char* call) override;
  void after(const char* call, unsigned long result) noexcept override;
  void stop_if_asked() override;
  void at_risk(std::string what) override;

  /// interrupted is true once a signal was taken, also where that came too late to stop a call.
  [[nodiscard]] bool interrupted() const noexcept { return interruptions_ > 0; }

  /// Pause lets signals do what they do by default while it lives: during a prompt, which has to restore the terminal.
  class Pause {
   public:
    explicit Pause(CallWatch& watch);
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;
    ~Pause();

   private:
    CallWatch& watch_;
    sigset_t blocked_{};
  };

 private:
  using Clock = std::chrono::steady_clock;

  void start();
  void run();
  void look_at_call();
  void take_signal();
  void show_elapsed(Clock::duration elapsed);
  void trace(const char* call, unsigned long result) const noexcept;
  void clear_elapsed() noexcept;
  [[nodiscard]] std::chrono::seconds limit(const char* call) const;
  [[noreturn]] void end_process(const Error& error) const;
  [[nodiscard]] std::string what_is_left();

  WatchSettings settings_;
  std::ostream& err_;
  bool terminal_;
  sigset_t signals_{};  // those of the three that this process does not ignore
  std::thread thread_;
  std::atomic<bool> stop_ = false;
  std::atomic<bool> paused_ = false;
  std::atomic<int> interruptions_ = 0;
  bool interruption_thrown_ = false;  // only the calling thread's

  std::mutex mutex_;  // guards what follows
  const char* call_ = nullptr;
  Clock::time_point since_;
  bool elapsed_shown_ = false;
  std::string at_risk_;
};

}  // namespace p11csr::cli
