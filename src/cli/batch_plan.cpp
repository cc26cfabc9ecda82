#include "cli/batch_plan.hpp"

#include <charconv>
#include <fmt/format.h>

#include <p11csr/crypto/digest.hpp>
#include <p11csr/model/error.hpp>

#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Shard Shard::parse(const std::string& text) {
  if (text.empty()) return {};
  const auto slash = text.find('/');
  if (slash != std::string::npos) {
    const auto index = number(std::string_view(text).substr(0, slash));
    const auto count = number(std::string_view(text).substr(slash + 1));
    if (index && count && *index >= 1 && *index <= *count) return {*index, *count};
  }
  throw Error(Errc::malformed_input, fmt::format("--shard {} is no part of a whole", model::in_quotes(text)),
              "write it as I/N, from 1/N to N/N");
}

bool Shard::has(const std::string& label) const {
  if (count == 1) return true;
  constexpr std::size_t digits = 15;
  constexpr int hexadecimal = 16;
  const auto hash = std::stoull(crypto::sha256_text(as_bytes(label)).substr(0, digits), nullptr, hexadecimal);
  return hash % count == index - 1;
}

BatchPlan BatchPlanner::read(const std::string& path, std::istream& in) {
  ledger_.begin_planning();
  ManifestReader reader(
      path, composer_.columns(), [this](ManifestRow&& row) { take(std::move(row)); },
      [this](std::uint64_t line, const Error& error) { bad(line, "", error); });
  reader.require(composer_.key_column());
  reader.read(in);
  return std::move(plan_);
}

void BatchPlanner::bad(std::uint64_t line, std::string column, const Error& error) {
  ++plan_.bad;
  if (!plan_.first_bad) plan_.first_bad = error;
  tell_bad_({line, std::move(column), error});
}

void BatchPlanner::take(ManifestRow&& row) {
  try {
    std::size_t warnings = 0;
    const batch::PlannedRow planned = composer_.plan(row, warnings);
    if (!shard_.has(planned.label)) {
      ++plan_.of_other_shards;
      return;
    }
    if (const auto objection = objection_to_file(planned.label)) {
      bad(row.line, "label", *objection);
      return;
    }
    const auto planning = ledger_.plan(planned);
    if (const auto objection = objection_to(planning, planned)) {
      if (planning == batch::Ledger::Planning::another) ++plan_.changed;
      bad(row.line, planning == batch::Ledger::Planning::id_twice ? "id" : "label", *objection);
      return;
    }
    ++plan_.rows;
    plan_.warnings += warnings;
    if (planning == batch::Ledger::Planning::added) ++plan_.added;
  } catch (const Error& error) {
    if (error.code() == Errc::file_failed) throw;
    bad(row.line, composer_.column_of(row, error), error);
  }
}

// A row that has no request yet has no file either: what is there is somebody else's.
std::optional<Error> BatchPlanner::objection_to_file(const std::string& label) const {
  if (folder_ == nullptr || folder_->is_free(label)) return std::nullopt;
  const auto row = ledger_.row_of_label(label);
  if (row && row->stage >= batch::Stage::signed_) return std::nullopt;
  return Error(Errc::file_exists, fmt::format("the request {}.csr is there already", label),
               "move it away, or choose another --out-dir");
}

std::optional<Error> BatchPlanner::objection_to(batch::Ledger::Planning planning, const batch::PlannedRow& row) {
  using Planning = batch::Ledger::Planning;
  const std::string label = model::in_quotes(row.label);
  switch (planning) {
    case Planning::added:
    case Planning::there:
      return std::nullopt;
    case Planning::another:
      return Error(Errc::not_allowed, fmt::format("the row {} is not what it was when the batch was begun", label));
    case Planning::label_twice:
      return Error(Errc::malformed_input, fmt::format("the label {} is there twice", label),
                   "each row needs a label of its own: it names the key and the file");
    case Planning::id_twice:
      return Error(Errc::malformed_input, fmt::format("the ID {} is there twice", to_hex(row.id)),
                   "each new key needs an ID of its own; without one it gets a random one");
  }
  return std::nullopt;
}

}  // namespace p11csr::cli
