#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/batch/ledger.hpp>
#include <p11csr/workflow/batch.hpp>

#include "workflow/batch_keys.hpp"
#include "workflow/batch_worker.hpp"

namespace p11csr::workflow {

constexpr std::size_t kRowsAtATime = 256;  // that are read from a ledger

/// Feeder reads the rows that are left, page by page.
class Feeder {
 public:
  /// `planned` tells for which rows the token may have a key already; null where rows name existing keys.
  Feeder(const batch::Ledger& ledger, const PlannedKeys* planned) : ledger_(ledger), planned_(planned) {}

  /// next gives the row that is to be handed out, until it is taken; empty after the last one.
  [[nodiscard]] std::optional<BatchJob>& next();

 private:
  const batch::Ledger& ledger_;
  const PlannedKeys* planned_;
  std::deque<batch::LedgerRow> page_;
  std::int64_t last_ = 0;
  bool ended_ = false;
  std::optional<BatchJob> job_;
};

/// Recorder brings what workers tell into the ledger, in groups, and then into files: what a file says is in the
/// ledger.
class Recorder {
 public:
  Recorder(batch::Ledger& ledger, BatchFiles& files) : ledger_(ledger), files_(files) {}

  void take(BatchEvent event);
  /// flush commits what is left and writes its files.
  void flush();
  /// written is how many files it wrote.
  [[nodiscard]] std::uint64_t written() const { return written_; }

 private:
  struct Unwritten {
    std::int64_t number;
    std::string label;
    Bytes request;
  };

  batch::Ledger& ledger_;
  BatchFiles& files_;
  std::deque<Unwritten> unwritten_;
  std::uint64_t written_ = 0;
  std::chrono::steady_clock::time_point committed_ = std::chrono::steady_clock::now();
};

}  // namespace p11csr::workflow
