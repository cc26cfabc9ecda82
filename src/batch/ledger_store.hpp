#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include <p11csr/batch/ledger.hpp>

#include "batch/run_lock.hpp"
#include "batch/sqlite.hpp"

namespace p11csr::batch {

/// Store is a ledger's database, and what keeps it for one run.
struct Ledger::Store {
  Store(const std::string& path, OpenFor purpose) : database(path, purpose) {}

  /// begin opens a transaction where none is open: commit decides how much is in one.
  void begin() {
    if (!std::exchange(in_transaction, true)) database.execute("BEGIN");
  }

  std::unique_ptr<RunLock> lock;  // outlives the database
  Database database;
  bool in_transaction = false;
  std::int64_t last_before = std::numeric_limits<std::int64_t>::max();  // the last row when planning began
};

/// milliseconds_now is the time that rows get, since 1970 (UTC).
[[nodiscard]] std::int64_t milliseconds_now();

}  // namespace p11csr::batch
