#pragma once

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <functional>
#include <map>
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
  bool stops_calls = true;           // Ctrl-C stops between two calls; else the command looks at interrupted() itself
  std::function<void()> before_end;  // what is to be cleaned up where the process is ended at once; may be empty
};

/// CallFigures are what calls of one function took.
struct CallFigures {
  std::uint64_t count = 0;
  std::chrono::steady_clock::duration total{};
  std::chrono::steady_clock::duration slowest{};
};

/// CallWatch ends a call that hangs, traces calls, shows how long a generation takes, and stops between two calls on
/// Ctrl-C. From the first call on a thread of its own takes SIGINT, SIGTERM and SIGHUP; that thread alone may end the
/// process: when a call hangs (exit 7) and at the second Ctrl-C (exit 130). Calls may come from several threads.
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

  /// figures are those of each function so far.
  [[nodiscard]] std::map<std::string, CallFigures> figures();

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
  struct Running {
    const char* call;
    Clock::time_point since;
  };

  void start();
  void run();
  void look_at_call();
  void take_signal();
  void look_at(const Running& running);
  void show_elapsed(Clock::duration elapsed);
  void trace(const char* call, unsigned long result, Clock::duration took) const noexcept;
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
  std::map<std::thread::id, Running> running_;
  std::map<std::string, CallFigures> figures_;
  bool elapsed_shown_ = false;
  std::string at_risk_;
};

}  // namespace p11csr::cli
