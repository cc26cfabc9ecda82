#include "cli/call_watch.hpp"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <string_view>
#include <unistd.h>
#include <utility>

#include <p11csr/model/error.hpp>

#include "cli/descriptor.hpp"
#include "cli/exit_code.hpp"
#include "cli/heeded_signals.hpp"

namespace p11csr::cli {
namespace {

constexpr std::chrono::seconds kCallLimit{60};
constexpr std::chrono::seconds kGenerationLimit{600};
constexpr std::chrono::seconds kElapsedFrom{1};
constexpr timespec kTick{0, 100'000'000};

// What ends something is done in any case, and where nobody can be told: the interruption would be lost there.
bool ends_something(std::string_view call) {
  return call == "C_Finalize" || call == "C_CloseSession" || call == "C_FindObjectsFinal";
}

bool is_generation(const char* call) { return std::string_view(call) == "C_GenerateKeyPair"; }

// The thread writes past the stream's buffer: the caller may be inside a call that never returns. Nobody is left to be
// told where that fails.
void write_at_once(std::string_view text) { static_cast<void>(write_all(STDERR_FILENO, text)); }

}  // namespace

CallWatch::CallWatch(WatchSettings settings, std::ostream& err)
    : settings_(std::move(settings)),
      err_(err),
      terminal_(isatty(STDERR_FILENO) == 1),
      signals_(heeded_signals({SIGINT, SIGTERM, SIGHUP})) {}

CallWatch::~CallWatch() {
  if (!thread_.joinable()) return;
  stop_ = true;
  // SIGURG is ignored by default; it only ends the thread's wait.
  pthread_kill(thread_.native_handle(), SIGURG);
  thread_.join();
}

void CallWatch::start() {
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  // The thread takes no signal unasked: at a prompt the main thread takes even those that would end or stop the
  // process.
  sigset_t all;
  sigset_t own;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &own);
  thread_ = std::thread([this] { run(); });
  pthread_sigmask(SIG_SETMASK, &own, nullptr);
}

void CallWatch::before(const char* call) {
  if (!thread_.joinable()) start();
  if (!ends_something(call)) stop_if_asked();
  const std::lock_guard lock(mutex_);
  running_[std::this_thread::get_id()] = {call, Clock::now()};
}

void CallWatch::after(const char* call, unsigned long result) noexcept {
  const std::lock_guard lock(mutex_);
  const auto running = running_.find(std::this_thread::get_id());
  if (running == running_.end()) return;
  const Clock::duration took = Clock::now() - running->second.since;
  running_.erase(running);
  if (elapsed_shown_) clear_elapsed();
  if (settings_.trace) trace(call, result, took);
  CallFigures& figures = figures_[call];
  ++figures.count;
  figures.total += took;
  figures.slowest = std::max(figures.slowest, took);
}

std::map<std::string, CallFigures> CallWatch::figures() {
  const std::lock_guard lock(mutex_);
  return figures_;
}

void CallWatch::trace(const char* call, unsigned long result, Clock::duration took) const noexcept {
  const std::chrono::duration<double, std::milli> milliseconds = took;
  try {
    fmt::print(err_, "p11csr: trace: {}, {:.3f} ms\n", call_text(call, result), milliseconds.count());
  } catch (...) {  // a trace that cannot be written must not end the work it is about
  }
}

void CallWatch::stop_if_asked() {
  if (!settings_.stops_calls || interruptions_ == 0 || interruption_thrown_) return;
  interruption_thrown_ = true;  // what is cleaned up from here on must not be stopped again
  throw Error(Errc::interrupted, "interrupted");
}

void CallWatch::at_risk(std::string what) {
  const std::lock_guard lock(mutex_);
  at_risk_ = std::move(what);
}

CallWatch::Pause::Pause(CallWatch& watch) : watch_(watch) {
  watch_.paused_ = true;
  pthread_sigmask(SIG_UNBLOCK, &watch_.signals_, &blocked_);
}

CallWatch::Pause::~Pause() {
  pthread_sigmask(SIG_SETMASK, &blocked_, nullptr);
  watch_.paused_ = false;
}

void CallWatch::run() {
  sigset_t waited = signals_;
  sigaddset(&waited, SIGURG);
  while (!stop_) {
    if (paused_) {
      nanosleep(&kTick, nullptr);
      continue;
    }
    const int signal = sigtimedwait(&waited, nullptr, &kTick);
    if (stop_) return;
    // The prompt began while this thread still waited: the signal is the prompt's.
    if (signal > 0 && signal != SIGURG && paused_)
      kill(getpid(), signal);
    else if (signal > 0 && signal != SIGURG)
      take_signal();
    look_at_call();
  }
}

void CallWatch::look_at_call() {
  const std::lock_guard lock(mutex_);
  for (const auto& [thread, running] : running_) look_at(running);
}

void CallWatch::look_at(const Running& running) {
  const auto elapsed = Clock::now() - running.since;
  if (const auto longest = limit(running.call); elapsed >= longest)
    end_process(Error(Errc::call_timeout,
                      fmt::format("the token did not answer within {} s{}", longest.count(), what_is_left()),
                      "is the token reachable? A slow one gets more time with --call-timeout SECONDS", running.call));
  if (terminal_ && settings_.generates && is_generation(running.call) && elapsed >= kElapsedFrom) show_elapsed(elapsed);
}

void CallWatch::take_signal() {
  const std::lock_guard lock(mutex_);
  const int times = ++interruptions_;
  if (elapsed_shown_) clear_elapsed();
  if (times > 1) end_process(Error(Errc::interrupted, "stopped at once" + what_is_left()));
  if (!settings_.stops_calls) {
    write_at_once("p11csr: interrupted: the rows in flight are the last ones; Ctrl-C again stops at once\n");
    return;
  }
  if (running_.empty()) return;
  const char* call = running_.begin()->second.call;
  if (is_generation(call))
    write_at_once(
        "p11csr: interrupted: waiting for the token to finish the key, which is then destroyed; "
        "Ctrl-C again stops at once\n");
  else
    write_at_once(fmt::format("p11csr: interrupted: waiting for {} to return; Ctrl-C again stops at once\n", call));
}

void CallWatch::show_elapsed(Clock::duration elapsed) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
  write_at_once(fmt::format("\rp11csr: the token is generating the key: {} s ", seconds));
  elapsed_shown_ = true;
}

void CallWatch::clear_elapsed() noexcept {
  write_at_once("\r\x1b[K");
  elapsed_shown_ = false;
}

std::chrono::seconds CallWatch::limit(const char* call) const {
  return settings_.timeout.value_or(is_generation(call) ? kGenerationLimit : kCallLimit);
}

std::string CallWatch::what_is_left() {
  if (at_risk_.empty()) return "";
  return fmt::format("; a key pair may be left on the token, look for {}", at_risk_);
}

void CallWatch::end_process(const Error& error) const {
  write_at_once(error_text(error, settings_.form));
  if (settings_.before_end) settings_.before_end();
  _exit(exit_code(error.code()));
}

}  // namespace p11csr::cli
