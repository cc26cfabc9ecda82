#include "cli/enroll_report.hpp"

#include <fmt/format.h>

#include "cli/journal_record.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using model::printable;
using workflow::CardRecord;

std::string unfinished_text(const char* what, const CardRecord& record) {
  std::string text = fmt::format(
      "p11csr: {}: card '{}'{}{}, at the stage '{}'", what, printable(record.label),
      record.card.serial.empty() ? "" : fmt::format(" (serial {})", printable(record.card.serial)),
      record.person.empty() ? "" : fmt::format(" of {}", printable(record.person)), workflow::stage_name(record.stage));
  if (!record.pin_file.empty()) text += fmt::format(", its PIN in '{}'", printable(record.pin_file));
  if (!record.problem.empty()) text += ": " + printable(record.problem);
  return text + '\n';
}

Json list_json(const std::vector<CardRecord>& records) {
  Json list = Json::array();
  for (const CardRecord& each : records) list.push_back(record_json(each));
  return list;
}

}  // namespace

std::string summary_text(const workflow::EnrollSummary& summary) {
  std::string text;
  for (const CardRecord& each : summary.left_over) text += unfinished_text("not finished by an earlier session", each);
  for (const CardRecord& each : summary.unfinished) text += unfinished_text("not finished", each);
  text += fmt::format("p11csr: {} {} finished, {} not finished", summary.finished.size(),
                      summary.finished.size() == 1 ? "card" : "cards", summary.unfinished.size());
  if (!summary.left_over.empty())
    text += fmt::format(", {} not finished by earlier sessions", summary.left_over.size());
  if (summary.people_left != 0) text += fmt::format(", {} of the roster still without", summary.people_left);
  return text + '\n';
}

Json summary_json(const workflow::EnrollSummary& summary, const std::vector<CardRecord>& journal) {
  return {{"finished", list_json(summary.finished)},   {"unfinished", list_json(summary.unfinished)},
          {"left_over", list_json(summary.left_over)}, {"people_left", summary.people_left},
          {"interrupted", summary.interrupted},        {"journal", list_json(journal)}};
}

Json journal_json(const std::vector<CardRecord>& records) { return {{"cards", list_json(records)}}; }

}  // namespace p11csr::cli
