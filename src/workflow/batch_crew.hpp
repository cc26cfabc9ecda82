#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <thread>
#include <vector>

#include "workflow/batch_worker.hpp"

namespace p11csr::workflow {

/// CoreWatch tells how busy this process keeps the machine's cores.
class CoreWatch {
 public:
  explicit CoreWatch(unsigned cores) : cores_(cores) {}

  /// leaves_idle is true where a good part of the cores' time went by unused since it was last asked. It is false while
  /// too little time has gone by to tell.
  [[nodiscard]] bool leaves_idle();

 private:
  using Clock = std::chrono::steady_clock;

  unsigned cores_;
  Clock::time_point asked_ = Clock::now();
  std::clock_t used_ = std::clock();  // by all threads of the process
};

/// BatchCrew is the workers of a run and their threads. Where nobody says how many, it begins with what keeps this
/// machine busy on a token that answers at once, since more would only be in each other's way there, and grows while
/// the machine waits for the token.
class BatchCrew {
 public:
  /// BatchCrew opens the first sessions and sets the workers to work on floor.jobs. Throws Error where no session at
  /// all is to be had. The arguments outlive it.
  BatchCrew(BatchFloor& floor, const Logins& logins, std::uint64_t rows);
  BatchCrew(const BatchCrew&) = delete;
  BatchCrew& operator=(const BatchCrew&) = delete;
  /// It takes back the jobs that nobody has begun, and waits for the workers to end theirs.
  ~BatchCrew();

  [[nodiscard]] unsigned size() const noexcept { return static_cast<unsigned>(workers_.size()); }

  /// grow_where_idle opens more sessions where the machine waits, as long as the token has any.
  void grow_where_idle();

 private:
  void add(unsigned count);

  BatchFloor& floor_;
  const Logins& logins_;
  unsigned most_;
  CoreWatch cores_;
  std::vector<std::unique_ptr<BatchWorker>> workers_;
  std::vector<std::thread> threads_;
};

}  // namespace p11csr::workflow
