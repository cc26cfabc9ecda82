#pragma once

#include <map>
#include <string>

#include <p11csr/workflow/batch.hpp>

#include "cli/call_watch.hpp"
#include "cli/json.hpp"

namespace p11csr::cli {

/// batch_summary_text tells what a run came to, how fast it was, and which calls to the token took longest.
[[nodiscard]] std::string batch_summary_text(const workflow::BatchSummary& summary,
                                             const std::map<std::string, CallFigures>& calls);
[[nodiscard]] Json batch_summary_json(const workflow::BatchSummary& summary,
                                      const std::map<std::string, CallFigures>& calls);

/// ledger_row_json is a row as `batch status --json` and `batch export` show it, without its request.
[[nodiscard]] Json ledger_row_json(const batch::LedgerRow& row);
/// ledger_count_text is "1000 rows: 990 written, 10 planned, 2 of them failed".
[[nodiscard]] std::string ledger_count_text(const batch::LedgerCount& count);
[[nodiscard]] Json ledger_count_json(const batch::LedgerCount& count);

/// time_text is a time of a ledger in UTC, such as "2026-11-25T18:04:05.123Z"; empty for 0.
[[nodiscard]] std::string time_text(std::int64_t milliseconds);

}  // namespace p11csr::cli
