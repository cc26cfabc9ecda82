#include <algorithm>
#include <fmt/format.h>
#include <mutex>
#include <utility>

#include "pkcs11/mechanisms.hpp"
#include "workflow/batch_crew.hpp"
#include "workflow/batch_records.hpp"
#include "workflow/open_token.hpp"
#include "workflow/request_checks.hpp"

namespace p11csr::workflow {
namespace {

using batch::LedgerRow;
using batch::Stage;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kRoom = 1024;       // rows in the hands of workers: enough for the time that a commit takes
constexpr unsigned kFailuresInARow = 16;  // that end a run: the token is to blame, not the rows
constexpr std::size_t kTogether = 64;     // events: to wake up for each one costs the workers time
constexpr std::chrono::milliseconds kTick{50};

// Rows may name keys that are not there, any number of them.
bool blames_token(const Error& error) { return !error.call().empty() || error.code() == Errc::verification_failed; }

/// BatchRun is one run: the calling thread reads the ledger, hands rows out, and records what comes back.
class BatchRun {
 public:
  BatchRun(const BatchOptions& options, const Surroundings& surroundings)
      : options_(options), surroundings_(surroundings), recorder_(*options.ledger, *options.files) {
    const auto count = options.ledger->count();
    summary_.progress.total = count.total;
    summary_.progress.finished = count.written;
    requests_there_ = count.is_signed + count.written;
  }

  BatchSummary run() {
    restore_files();
    if (summary_.progress.finished < summary_.progress.total) work();
    summary_.progress.elapsed = Clock::now() - begun_;
    return std::move(summary_);
  }

 private:
  // A run that was cut off has requests in the ledger that are in no file, and power loss can empty files.
  void restore_files() {
    std::int64_t last = 0;
    while (requests_there_ > 0) {
      const auto rows = options_.ledger->rows_after(last, kRowsAtATime, batch::Ledger::Which::all);
      if (rows.empty()) break;
      for (const LedgerRow& row : rows) {
        last = row.number;
        if (row.stage < Stage::signed_) continue;
        if (!options_.files->has(row.plan.label, row.request)) {
          options_.files->keep(row.plan.label, row.request);
          ++summary_.restored;
        }
        if (row.stage != Stage::signed_) continue;
        options_.ledger->written(row.number);
        ++summary_.progress.finished;
      }
    }
    options_.ledger->commit();
  }

  void work() {
    const std::uint64_t left = summary_.progress.total - summary_.progress.finished;
    OpenToken open = open_token(options_.token, nullptr, surroundings_);
    const auto listed = pkcs11::list_mechanisms(open.token);
    const auto first = options_.ledger->rows_after(0, 1, batch::Ledger::Which::unfinished);
    RequestOptions settings = options_.composer->compose(first.front().plan);
    settings.self_verification = options_.self_verification;
    check_mechanisms(settings, listed);
    require_same_token(open.token);

    const auto session = pkcs11::Session::open(open.token.module, open.token.slot, pkcs11::Access::read_write);
    Logins logins(session, open, options_.pin, std::nullopt, surroundings_);
    const Bench bench{session, logins, open.token, surroundings_};
    std::optional<KnownKeys> known;
    std::optional<PlannedKeys> planned;
    if (first.front().plan.selector.empty())
      planned.emplace(bench, *options_.ledger);
    else
      known = KnownKeys::read(bench, options_.allow_extractable);

    BatchFloor floor{options_,
                     open.token,
                     settings,
                     listed,
                     known ? &*known : nullptr,
                     for_many_threads(),
                     Queue<BatchJob>(kRoom),
                     Queue<BatchEvent>(kRoom),
                     {},
                     false};
    Feeder feeder(*options_.ledger, planned ? &*planned : nullptr);
    BatchCrew crew(floor, logins, left);
    summary_.progress.before_rows = Clock::now() - begun_;
    const std::uint64_t finished_before = summary_.progress.finished;
    try {
      hand_out(floor, feeder, crew);
    } catch (const Error& error) {
      summary_.ended_by = error;
      summary_.progress.finished = finished_before + recorder_.written();
    }
    if (summary_.ended_by) floor.abandoned = true;
  }

  // Another token has other keys: its rows would get second ones.
  void require_same_token(const pkcs11::Token& token) const {
    const std::string there = options_.ledger->settle("token", token.info.uri);
    if (there == token.info.uri) {
      options_.ledger->commit();
      return;
    }
    throw Error(Errc::not_allowed, fmt::format("the ledger is about another token: {}", there),
                "name that one with --token, or begin another ledger for this one");
  }

  [[nodiscard]] Surroundings for_many_threads() {
    Surroundings shared = surroundings_;
    if (shared.say)
      shared.say = [this](const std::string& text) {
        const std::lock_guard lock(saying_);
        surroundings_.say(text);
      };
    return shared;
  }

  void hand_out(BatchFloor& floor, Feeder& feeder, BatchCrew& crew) {
    count(crew);
    std::uint64_t in_hand = 0;
    bool feeding = true;
    bool ending = false;
    while (feeding || in_hand > 0) {
      if (!ending && (floor.abandoned || (options_.stopped && options_.stopped()))) {
        ending = true;
        const std::size_t taken_back = floor.jobs.clear();
        in_hand -= taken_back;
        summary_.interrupted = !floor.abandoned && (feeding || taken_back > 0);
        feeding = false;
      }
      if (feeding) feeding = feed(floor, feeder, in_hand);
      if (in_hand == 0) break;
      for (BatchEvent& event : floor.events.take_all_within(kTick, std::min<std::uint64_t>(in_hand, kTogether))) {
        if (event.error || !event.request.empty()) --in_hand;
        note(floor, event);
        recorder_.take(std::move(event));
      }
      if (!ending && in_hand > crew.size()) crew.grow_where_idle();
      count(crew);
      tell_progress();
      // Workers that gave up leave their jobs in the queue.
      if (floor.abandoned) in_hand -= std::min<std::uint64_t>(in_hand, floor.jobs.clear());
    }
    recorder_.flush();
    options_.ledger->commit();
    tell_progress();
  }

  void count(const BatchCrew& crew) {
    summary_.progress.sessions = crew.size();
    summary_.progress.by_session.resize(crew.size());
  }

  // False after the last row.
  static bool feed(BatchFloor& floor, Feeder& feeder, std::uint64_t& in_hand) {
    while (true) {
      auto& job = feeder.next();
      if (!job) return false;
      if (!floor.jobs.try_put(*job)) return true;
      job.reset();
      ++in_hand;
    }
  }

  void note(BatchFloor& floor, const BatchEvent& event) {
    BatchProgress& progress = summary_.progress;
    if (event.error) {
      ++progress.failed;
      if (!summary_.first_failure) {
        summary_.first_failure = event.error;
        summary_.first_failed = event.label;
      }
      if (event.ends_run) {
        if (!summary_.ended_by) summary_.ended_by = event.error;
      } else if (blames_token(*event.error) && ++failed_in_a_row_ == kFailuresInARow) {
        give_up(floor, *event.error);
      }
    } else if (!event.request.empty()) {
      failed_in_a_row_ = 0;
      ++progress.done;
      ++progress.finished;
      ++progress.by_session.at(event.worker);
    }
  }

  void give_up(BatchFloor& floor, const Error& last) {
    floor.abandoned = true;
    summary_.ended_by =
        Error(last.code(), fmt::format("{} rows in a row failed, the last one: {}", kFailuresInARow, last.what()),
              "repair what is wrong with the token, and run the same command again", last.call());
  }

  void tell_progress() {
    if (!options_.progress) return;
    summary_.progress.elapsed = Clock::now() - begun_;
    options_.progress(summary_.progress);
  }

  const BatchOptions& options_;
  const Surroundings& surroundings_;
  Recorder recorder_;
  BatchSummary summary_;
  Clock::time_point begun_ = Clock::now();
  std::uint64_t requests_there_ = 0;  // in the ledger, from earlier runs
  unsigned failed_in_a_row_ = 0;
  std::mutex saying_;
};

}  // namespace

BatchSummary run_batch(const BatchOptions& options, const Surroundings& surroundings) {
  return BatchRun(options, surroundings).run();
}

}  // namespace p11csr::workflow
