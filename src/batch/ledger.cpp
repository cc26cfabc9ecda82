#include <chrono>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <p11csr/batch/ledger.hpp>
#include <p11csr/model/error.hpp>

#include "batch/followed.hpp"
#include "batch/ledger_store.hpp"
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

constexpr const char* kLastNumber = "SELECT coalesce(max(number), 0) FROM row";

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

}  // namespace

std::int64_t milliseconds_now() {
  using std::chrono::milliseconds;
  return std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

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
    const bool is_new = pragma(store->database, "SELECT count(*) FROM sqlite_schema") == 0;
    if (!is_new) require_ledger(store->database);
    // Rows grow when they are signed. A cache that holds a run's last thousands, and checkpoints that are as far apart,
    // write each page once.
    store->database.execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; "
        "PRAGMA wal_autocheckpoint = 4000;");
    if (is_new) store->database.execute(fmt::format("BEGIN; {} COMMIT;", kSchema).c_str());
  } catch (...) {
    umask(before);
    throw;
  }
  umask(before);
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

std::optional<std::string> Ledger::setting(const std::string& name) const {
  Statement there = store_->database.prepare("SELECT value FROM setting WHERE name = ?");
  if (!there.bind(1, name).step()) return std::nullopt;
  return there.text(0);
}

std::string Ledger::settle(const std::string& name, const std::string& value) {
  if (auto there = setting(name)) return std::move(*there);
  store_->begin();
  store_->database.prepare("INSERT INTO setting VALUES (?, ?)").bind(1, name).bind(2, value).run();
  return value;
}

void Ledger::begin_planning() {
  store_->database.execute("CREATE TEMP TABLE IF NOT EXISTS seen (number INTEGER PRIMARY KEY); DELETE FROM temp.seen;");
  store_->last_before = pragma(store_->database, kLastNumber);
}

bool Ledger::is_new(std::int64_t number) const { return number > store_->last_before; }

Ledger::Planning Ledger::plan(const PlannedRow& row) {
  const Database& database = store_->database;
  store_->begin();
  const auto there = row_of_label(row.label);
  if (!there && row_of_id(row.id)) return Planning::id_twice;
  const std::int64_t number = there ? there->number : pragma(database, kLastNumber) + 1;
  Statement seen = database.prepare("INSERT OR IGNORE INTO temp.seen VALUES (?)");
  seen.bind(1, number).run();
  if (database.changes() == 0) return Planning::label_twice;
  if (there) return there->plan.means_the_same(row) ? Planning::there : Planning::another;
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
      .bind(9, milliseconds_now())
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

void Ledger::commit() {
  if (std::exchange(store_->in_transaction, false)) store_->database.execute("COMMIT");
}

void Ledger::abandon() {
  if (std::exchange(store_->in_transaction, false)) store_->database.execute("ROLLBACK");
  const std::string path = store_->database.path();
  if (path.empty() ||
      pragma(store_->database, "SELECT (SELECT count(*) FROM row) + (SELECT count(*) FROM setting)") != 0)
    return;
  // Of a link the file goes that it leads to; the link was there before.
  const std::string file = followed(path);
  auto lock = std::move(store_->lock);
  store_.reset();
  for (const char* suffix : {"", "-wal", "-shm"}) unlink((file + suffix).c_str());
}

}  // namespace p11csr::batch
