#include "workflow/batch_crew.hpp"

#include <algorithm>

namespace p11csr::workflow {
namespace {

constexpr unsigned kMostSessions = 16;  // where nobody says how many
constexpr std::chrono::milliseconds kLongEnough{100};
constexpr double kBusy = 0.75;  // of the cores' time: what is left over is no reason for more sessions

unsigned most_sessions(const BatchOptions& options, const pkcs11::Token& token, std::uint64_t rows) {
  std::uint64_t most = kMostSessions;
  if (token.info.max_sessions.value_or(0) != 0) most = std::min(most, *token.info.max_sessions);
  if (options.sessions) most = *options.sessions;
  return static_cast<unsigned>(std::clamp<std::uint64_t>(most, 1, std::max<std::uint64_t>(rows, 1)));
}

unsigned cores() { return std::max(std::thread::hardware_concurrency(), 1U); }

// While some wait for the token's locks, the others have work for each core.
unsigned first_sessions() {
  constexpr unsigned waiting = 2;
  return cores() + waiting;
}

}  // namespace

bool CoreWatch::leaves_idle() {
  const auto now = Clock::now();
  if (now - asked_ < kLongEnough) return false;
  const std::clock_t used = std::clock();
  const double busy = static_cast<double>(used - used_) / CLOCKS_PER_SEC;
  const std::chrono::duration<double> gone_by = now - asked_;
  asked_ = now;
  used_ = used;
  return busy < kBusy * cores_ * gone_by.count();
}

BatchCrew::BatchCrew(BatchFloor& floor, const Logins& logins, std::uint64_t rows)
    : floor_(floor), logins_(logins), most_(most_sessions(floor.options, floor.token, rows)), cores_(cores()) {
  add(floor.options.sessions ? most_ : std::min(most_, first_sessions()));
}

// Nobody waits for a thread that waits for us.
BatchCrew::~BatchCrew() {
  floor_.jobs.clear();
  floor_.jobs.close();
  floor_.events.close();
  for (std::thread& thread : threads_) thread.join();
}

void BatchCrew::grow_where_idle() {
  if (size() >= most_ || !cores_.leaves_idle()) return;
  // Not while a worker renews its session: the token may have forgotten the login.
  const auto logged_in = floor_.login.pass();
  add(std::min(most_ - size(), size()));
}

void BatchCrew::add(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    try {
      auto session = pkcs11::Session::open(floor_.token.module, floor_.token.slot, pkcs11::Access::read_write);
      workers_.push_back(std::make_unique<BatchWorker>(floor_, std::move(session), logins_, size()));
    } catch (const Error&) {
      // The token allows fewer than it said, or than were asked for. What else there is, those that work will meet.
      if (workers_.empty()) throw;
      most_ = size();
      return;
    }
    threads_.emplace_back([worker = workers_.back().get()] { worker->run(); });
  }
}

}  // namespace p11csr::workflow
