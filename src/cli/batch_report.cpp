#include "cli/batch_report.hpp"

#include <algorithm>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

#include "cli/batch_progress.hpp"
#include "model/counted.hpp"

namespace p11csr::cli {
namespace {

using workflow::BatchSummary;
using Milliseconds = std::chrono::duration<double, std::milli>;
using NamedFigures = std::pair<std::string, CallFigures>;

constexpr std::size_t kSlowest = 3;

// Those on which most time went.
std::vector<NamedFigures> slowest(const std::map<std::string, CallFigures>& calls) {
  std::vector<NamedFigures> named(calls.begin(), calls.end());
  std::sort(named.begin(), named.end(),
            [](const NamedFigures& a, const NamedFigures& b) { return a.second.total > b.second.total; });
  named.resize(std::min(named.size(), kSlowest));
  return named;
}

}  // namespace

std::string batch_summary_text(const BatchSummary& summary, const std::map<std::string, CallFigures>& calls) {
  const auto& progress = summary.progress;
  std::string text = fmt::format("p11csr: {} of {} rows have their request", progress.finished, progress.total);
  if (progress.done > 0)
    text += fmt::format("; {} made in {}, {:.1f} a second, with {}", progress.done, duration_text(progress.elapsed),
                        rows_a_second(progress), model::counted(progress.sessions, "session"));
  if (progress.failed > 0) text += fmt::format("; {} failed", progress.failed);
  text += '\n';
  if (summary.restored > 0)
    text += fmt::format("p11csr: {} written again from the ledger\n", model::counted(summary.restored, "file"));
  if (progress.done == 0) return text;
  for (const auto& [name, figures] : slowest(calls))
    text += fmt::format("p11csr: {:>6} x {}: {:.2f} ms each, {:.2f} ms the slowest\n", figures.count, name,
                        Milliseconds(figures.total).count() / static_cast<double>(figures.count),
                        Milliseconds(figures.slowest).count());
  return text;
}

Json batch_summary_json(const BatchSummary& summary, const std::map<std::string, CallFigures>& calls) {
  const auto& progress = summary.progress;
  const std::chrono::duration<double> elapsed = progress.elapsed;
  const std::chrono::duration<double> before_rows = progress.before_rows;
  Json json{{"rows", progress.total},
            {"finished", progress.finished},
            {"made", progress.done},
            {"failed", progress.failed},
            {"restored", summary.restored},
            {"sessions", progress.sessions},
            {"seconds", elapsed.count()},
            {"seconds_before_rows", before_rows.count()},
            {"rows_a_second", rows_a_second(progress)},
            {"interrupted", summary.interrupted}};
  json["calls"] = Json::object();
  for (const auto& [name, figures] : calls)
    json["calls"][name] = Json{{"count", figures.count},
                               {"milliseconds", Milliseconds(figures.total).count()},
                               {"slowest_milliseconds", Milliseconds(figures.slowest).count()}};
  return json;
}

std::string time_text(std::int64_t milliseconds) {
  if (milliseconds == 0) return "";
  constexpr std::int64_t second = 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(milliseconds / second)),
                     milliseconds % second);
}

Json ledger_row_json(const batch::LedgerRow& row) {
  return Json{{"number", row.number},
              {"line", row.plan.line},
              {"label", row.plan.label},
              {"id", to_hex(row.plan.id)},
              {"stage", batch::stage_name(row.stage)},
              {"key_uri", row.key_uri},
              {"spki_sha256", row.spki_sha256},
              {"request_sha256", row.request_sha256},
              {"planned_at", time_text(row.planned_at)},
              {"generated_at", time_text(row.generated_at)},
              {"signed_at", time_text(row.signed_at)},
              {"written_at", time_text(row.written_at)},
              {"error", row.error}};
}

std::string ledger_count_text(const batch::LedgerCount& count) {
  std::vector<std::string> parts;
  const auto add = [&parts](std::uint64_t rows, const char* word) {
    if (rows > 0) parts.push_back(fmt::format("{} {}", rows, word));
  };
  add(count.written, "written");
  add(count.is_signed, "signed");
  add(count.generated, "generated");
  add(count.planned, "planned");
  add(count.failed, "of those that are not written failed");
  return fmt::format("{}: {}", model::counted(count.total, "row"), fmt::join(parts, ", "));
}

Json ledger_count_json(const batch::LedgerCount& count) {
  return Json{{"rows", count.total},       {"planned", count.planned}, {"generated", count.generated},
              {"signed", count.is_signed}, {"written", count.written}, {"failed", count.failed}};
}

}  // namespace p11csr::cli
