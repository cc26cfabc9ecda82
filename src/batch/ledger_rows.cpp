#include <array>
#include <fmt/format.h>

#include <p11csr/batch/ledger.hpp>

#include "batch/ledger_store.hpp"

namespace p11csr::batch {
namespace {

constexpr const char* kColumns =
    "SELECT number, line, label, id, selector, fields, content, key, stage, key_uri, spki_sha256, request, "
    "request_sha256, planned_at, generated_at, signed_at, written_at, error FROM row ";

LedgerRow row_at(const Statement& statement) {
  LedgerRow row;
  int column = 0;
  row.number = statement.number(column++);
  row.plan.line = static_cast<std::uint64_t>(statement.number(column++));
  row.plan.label = statement.text(column++);
  row.plan.id = statement.bytes(column++);
  row.plan.selector = statement.text(column++);
  row.plan.fields = statement.text(column++);
  row.plan.content = statement.bytes(column++);
  row.plan.key = statement.text(column++);
  const auto stage = statement.number(column++);
  row.stage = stage < 0 || stage > 3 ? Stage::planned : static_cast<Stage>(stage);
  row.key_uri = statement.text(column++);
  row.spki_sha256 = statement.text(column++);
  row.request = statement.bytes(column++);
  row.request_sha256 = statement.text(column++);
  for (std::int64_t* time : {&row.planned_at, &row.generated_at, &row.signed_at, &row.written_at})
    *time = statement.number(column++);
  row.error = statement.text(column);
  return row;
}

std::optional<LedgerRow> first_row(Statement& statement) {
  if (!statement.step()) return std::nullopt;
  return row_at(statement);
}

std::int64_t number_of(Stage stage) { return static_cast<std::int64_t>(stage); }

}  // namespace

std::string_view stage_name(Stage stage) {
  constexpr std::array<std::string_view, 4> names = {"planned", "generated", "signed", "written"};
  return names.at(static_cast<std::size_t>(stage));
}

std::optional<LedgerRow> Ledger::row(std::int64_t number) const {
  Statement statement = store_->database.prepare(fmt::format("{} WHERE number = ?", kColumns));
  return first_row(statement.bind(1, number));
}

std::optional<LedgerRow> Ledger::row_of_label(const std::string& label) const {
  Statement statement = store_->database.prepare(fmt::format("{} WHERE label = ?", kColumns));
  return first_row(statement.bind(1, label));
}

std::optional<LedgerRow> Ledger::row_of_id(const Bytes& id) const {
  Statement statement = store_->database.prepare(fmt::format("{} WHERE id = ? AND id <> x''", kColumns));
  return first_row(statement.bind(1, id));
}

bool Ledger::names_key(const std::string& uri) const {
  Statement statement = store_->database.prepare("SELECT 1 FROM row WHERE key_uri = ? AND selector <> ''");
  return statement.bind(1, uri).step();
}

std::vector<LedgerRow> Ledger::rows_after(std::int64_t number, std::size_t most, Which which) const {
  Statement statement = store_->database.prepare(fmt::format("{} WHERE number > ? {} ORDER BY number LIMIT ?", kColumns,
                                                             which == Which::unfinished ? "AND stage < 3" : ""));
  statement.bind(1, number).bind(2, static_cast<std::int64_t>(most));
  std::vector<LedgerRow> rows;
  while (statement.step()) rows.push_back(row_at(statement));
  return rows;
}

void Ledger::for_each(const std::function<void(const LedgerRow&)>& use) const {
  Statement statement = store_->database.prepare(fmt::format("{} ORDER BY number", kColumns));
  while (statement.step()) use(row_at(statement));
}

LedgerCount Ledger::count() const {
  Statement statement =
      store_->database.prepare("SELECT stage, count(*), sum(error <> '' AND stage < 3) FROM row GROUP BY stage");
  LedgerCount count;
  while (statement.step()) {
    const auto rows = static_cast<std::uint64_t>(statement.number(1));
    count.total += rows;
    count.failed += static_cast<std::uint64_t>(statement.number(2));
    switch (static_cast<Stage>(statement.number(0))) {
      case Stage::planned:
        count.planned = rows;
        break;
      case Stage::generated:
        count.generated = rows;
        break;
      case Stage::signed_:
        count.is_signed = rows;
        break;
      case Stage::written:
        count.written = rows;
        break;
    }
  }
  return count;
}

void Ledger::generated(std::int64_t number, const std::string& key_uri, const std::string& spki_sha256) {
  store_->begin();
  store_->database.prepare("UPDATE row SET stage = ?, key_uri = ?, spki_sha256 = ?, generated_at = ? WHERE number = ?")
      .bind(1, number_of(Stage::generated))
      .bind(2, key_uri)
      .bind(3, spki_sha256)
      .bind(4, milliseconds_now())
      .bind(5, number)
      .run();
}

void Ledger::is_signed(std::int64_t number, const std::string& key_uri, const std::string& spki_sha256,
                       const Bytes& request, const std::string& request_sha256) {
  store_->begin();
  store_->database
      .prepare(
          "UPDATE row SET stage = ?, key_uri = ?, spki_sha256 = ?, request = ?, request_sha256 = ?, signed_at = ?, "
          "error = '' WHERE number = ?")
      .bind(1, number_of(Stage::signed_))
      .bind(2, key_uri)
      .bind(3, spki_sha256)
      .bind(4, request)
      .bind(5, request_sha256)
      .bind(6, milliseconds_now())
      .bind(7, number)
      .run();
}

void Ledger::written(std::int64_t number) {
  store_->begin();
  store_->database.prepare("UPDATE row SET stage = ?, written_at = ?, error = '' WHERE number = ?")
      .bind(1, number_of(Stage::written))
      .bind(2, milliseconds_now())
      .bind(3, number)
      .run();
}

void Ledger::failed(std::int64_t number, const std::string& error) {
  store_->begin();
  store_->database.prepare("UPDATE row SET error = ? WHERE number = ?").bind(1, error).bind(2, number).run();
}

}  // namespace p11csr::batch
