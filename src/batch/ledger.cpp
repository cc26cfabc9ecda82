#include <array>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <p11csr/batch/ledger.hpp>
#include <p11csr/model/error.hpp>

#include "batch/run_lock.hpp"
#include "batch/sqlite.hpp"
#include "model/quote.hpp"

namespace p11csr::batch {
namespace {

// "p11c" in SQLite's header tells a ledger from other databases; the version is that of the tables.
constexpr const char* kSchema = R"sql(
  PRAGMA application_id = 1882272099;
  PRAGMA user_version = 2;
  CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE row (
    number INTEGER PRIMARY KEY,
    line INTEGER NOT NULL,
    label TEXT NOT NULL UNIQUE,
    id BLOB NOT NULL,
    selector TEXT NOT NULL,
    fields TEXT NOT NULL,
    content BLOB NOT NULL,
    key TEXT NOT NULL,
    stage INTEGER NOT NULL DEFAULT 0,
    key_uri TEXT NOT NULL DEFAULT '',
    spki_sha256 TEXT NOT NULL DEFAULT '',
    request BLOB NOT NULL DEFAULT x'',
    request_sha256 TEXT NOT NULL DEFAULT '',
    planned_at INTEGER NOT NULL DEFAULT 0,
    generated_at INTEGER NOT NULL DEFAULT 0,
    signed_at INTEGER NOT NULL DEFAULT 0,
    written_at INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '');
  CREATE UNIQUE INDEX row_of_id ON row (id) WHERE id <> x'';
  CREATE INDEX row_of_key ON row (key_uri) WHERE selector <> '';
)sql";

constexpr std::int64_t kApplication = 1882272099;
constexpr std::int64_t kVersion = 2;

constexpr const char* kColumns =
    "SELECT number, line, label, id, selector, fields, content, key, stage, key_uri, spki_sha256, request, "
    "request_sha256, planned_at, generated_at, signed_at, written_at, error FROM row ";

std::int64_t now() {
  using std::chrono::milliseconds;
  return std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::int64_t pragma(const Database& database, const char* sql) {
  Statement statement = database.prepare(sql);
  return statement.step() ? statement.number(0) : 0;
}

void require_ledger(const Database& database) {
  const bool is_ledger = pragma(database, "PRAGMA application_id") == kApplication;
  if (is_ledger && pragma(database, "PRAGMA user_version") == kVersion) return;
  throw Error(Errc::malformed_input,
              is_ledger ? fmt::format("{} is a ledger of another version", model::in_quotes(database.path()))
                        : fmt::format("{} is a database, but no ledger", model::in_quotes(database.path())),
              "name the file that p11csr batch run wrote with --ledger");
}

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

std::int64_t number_of(Stage stage) { return static_cast<std::int64_t>(stage); }

}  // namespace

std::string_view stage_name(Stage stage) {
  constexpr std::array<std::string_view, 4> names = {"planned", "generated", "signed", "written"};
  return names.at(static_cast<std::size_t>(stage));
}

struct Ledger::Store {
  Store(const std::string& path, OpenFor purpose) : database(path, purpose) {}

  /// begin opens a transaction where none is open: commit decides how much is in one.
  void begin() {
    if (!std::exchange(in_transaction, true)) database.execute("BEGIN");
  }

  std::unique_ptr<RunLock> lock;  // outlives the database
  Database database;
  bool in_transaction = false;
};

Ledger::Ledger(std::unique_ptr<Store> store) : store_(std::move(store)) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

Ledger Ledger::open(const std::string& path) {
  auto lock = std::make_unique<RunLock>(path);
  // SQLite would make it readable for all.
  const mode_t before = umask(0077);
  std::unique_ptr<Store> store;
  try {
    store = std::make_unique<Store>(path, OpenFor::writing);
    store->lock = std::move(lock);
    // Rows grow when they are signed. A cache that holds a run's last thousands, and checkpoints that are as far apart,
    // write each page once.
    store->database.execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; "
        "PRAGMA wal_autocheckpoint = 4000;");
  } catch (...) {
    umask(before);
    throw;
  }
  umask(before);
  if (pragma(store->database, "SELECT count(*) FROM sqlite_schema") == 0)
    store->database.execute(fmt::format("BEGIN; {} COMMIT;", kSchema).c_str());
  require_ledger(store->database);
  return Ledger(std::move(store));
}

Ledger Ledger::read(const std::string& path) {
  if (access(path.c_str(), F_OK) != 0)
    throw Error(Errc::file_failed, fmt::format("there is no ledger {}", model::in_quotes(path)),
                "name the file that p11csr batch run wrote with --ledger");
  auto store = std::make_unique<Store>(path, OpenFor::reading);
  require_ledger(store->database);
  return Ledger(std::move(store));
}

Ledger Ledger::temporary() {
  auto store = std::make_unique<Store>("", OpenFor::writing);
  store->database.execute(kSchema);
  return Ledger(std::move(store));
}

std::string Ledger::settle(const std::string& name, const std::string& value) {
  Statement there = store_->database.prepare("SELECT value FROM setting WHERE name = ?");
  if (there.bind(1, name).step()) return there.text(0);
  store_->begin();
  store_->database.prepare("INSERT INTO setting VALUES (?, ?)").bind(1, name).bind(2, value).run();
  return value;
}

void Ledger::begin_planning() {
  store_->database.execute("CREATE TEMP TABLE IF NOT EXISTS seen (number INTEGER PRIMARY KEY); DELETE FROM temp.seen;");
}

Ledger::Planning Ledger::plan(const PlannedRow& row) {
  const Database& database = store_->database;
  store_->begin();
  const auto there = row_of_label(row.label);
  const std::int64_t number = there ? there->number : pragma(database, "SELECT coalesce(max(number), 0) + 1 FROM row");
  Statement seen = database.prepare("INSERT OR IGNORE INTO temp.seen VALUES (?)");
  seen.bind(1, number).run();
  if (database.changes() == 0) return Planning::label_twice;
  if (there) return there->plan.means_the_same(row) ? Planning::there : Planning::another;
  if (row_of_id(row.id)) return Planning::id_twice;
  Statement insert = database.prepare(
      "INSERT INTO row (number, line, label, id, selector, fields, content, key, planned_at) VALUES (?, ?, ?, ?, ?, ?, "
      "?, ?, ?)");
  insert.bind(1, number)
      .bind(2, static_cast<std::int64_t>(row.line))
      .bind(3, row.label)
      .bind(4, row.id)
      .bind(5, row.selector)
      .bind(6, row.fields)
      .bind(7, row.content)
      .bind(8, row.key)
      .bind(9, now())
      .run();
  return Planning::added;
}

std::vector<std::string> Ledger::unplanned(std::size_t most) const {
  Statement statement = store_->database.prepare(
      "SELECT label FROM row WHERE number NOT IN (SELECT number FROM temp.seen) ORDER BY number LIMIT ?");
  statement.bind(1, static_cast<std::int64_t>(most));
  std::vector<std::string> labels;
  while (statement.step()) labels.push_back(statement.text(0));
  return labels;
}

std::optional<LedgerRow> Ledger::row(std::int64_t number) const {
  Statement statement = store_->database.prepare(fmt::format("{} WHERE number = ?", kColumns));
  if (!statement.bind(1, number).step()) return std::nullopt;
  return row_at(statement);
}

std::optional<LedgerRow> Ledger::row_of_label(const std::string& label) const {
  Statement statement = store_->database.prepare(fmt::format("{} WHERE label = ?", kColumns));
  if (!statement.bind(1, label).step()) return std::nullopt;
  return row_at(statement);
}

std::optional<LedgerRow> Ledger::row_of_id(const Bytes& id) const {
  Statement statement = store_->database.prepare(fmt::format("{} WHERE id = ? AND id <> x''", kColumns));
  if (!statement.bind(1, id).step()) return std::nullopt;
  return row_at(statement);
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
      .bind(4, now())
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
      .bind(6, now())
      .bind(7, number)
      .run();
}

void Ledger::written(std::int64_t number) {
  store_->begin();
  store_->database.prepare("UPDATE row SET stage = ?, written_at = ?, error = '' WHERE number = ?")
      .bind(1, number_of(Stage::written))
      .bind(2, now())
      .bind(3, number)
      .run();
}

void Ledger::failed(std::int64_t number, const std::string& error) {
  store_->begin();
  store_->database.prepare("UPDATE row SET error = ? WHERE number = ?").bind(1, error).bind(2, number).run();
}

void Ledger::commit() {
  if (std::exchange(store_->in_transaction, false)) store_->database.execute("COMMIT");
}

void Ledger::abandon() {
  if (std::exchange(store_->in_transaction, false)) store_->database.execute("ROLLBACK");
  const std::string path = store_->database.path();
  if (path.empty() ||
      pragma(store_->database, "SELECT (SELECT count(*) FROM row) + (SELECT count(*) FROM setting)") != 0)
    return;
  // Of a link the file goes that it leads to, as SQLite's others stand beside that one; the link was there before.
  std::error_code none;
  const std::string file = std::filesystem::weakly_canonical(path, none).string();
  auto lock = std::move(store_->lock);
  store_.reset();
  for (const char* suffix : {"", "-wal", "-shm"}) unlink((file + suffix).c_str());
}

}  // namespace p11csr::batch
