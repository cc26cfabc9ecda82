#include "batch/sqlite.hpp"

#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <p11csr/model/error.hpp>

#include "batch/followed.hpp"
#include "model/quote.hpp"

namespace p11csr::batch {
namespace {

std::string folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// SQLite wants to write beside a file that it reads, for those who write at the same time. Where nobody can, it takes
// the file as it is; what a run that was killed has left beside it would be missing.
bool nobody_can_write(const std::string& file) {
  std::error_code none;
  const auto left = std::filesystem::file_size(file + "-wal", none);
  return access(folder_of(file).c_str(), W_OK) != 0 && (none || left == 0);
}

std::string immutable(const std::string& file) {
  std::string uri = "file:";
  for (const char c : file)
    uri += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '/'
               ? std::string(1, c)
               : fmt::format("%{:02x}", static_cast<unsigned char>(c));
  return uri + "?immutable=1";
}

Error failure(sqlite3* database, const std::string& path, int result) {
  const int kind = result & 0xff;
  if (kind == SQLITE_NOTADB || kind == SQLITE_CORRUPT)
    return {Errc::malformed_input, fmt::format("{} is no ledger, or a damaged one", model::in_quotes(path)),
            "name the file that p11csr batch run wrote with --ledger"};
  std::string why = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(result);
  if (kind == SQLITE_FULL) why = "no space is left on the device";
  if (kind == SQLITE_CANTOPEN && access(folder_of(path).c_str(), W_OK | X_OK) != 0)
    why += fmt::format(": {}", std::strerror(errno));
  return {Errc::file_failed, fmt::format("the ledger {} failed: {}", model::in_quotes(path), why),
          "what was recorded is safe: make room or repair the access, and run the same command again"};
}

}  // namespace

// `idle` has room for all that were given out, so nothing is thrown here.
void Statement::GiveBack::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  idle->push_back(statement);
}

StatementPool::~StatementPool() {
  for (const auto& [sql, statements] : idle_)
    for (sqlite3_stmt* statement : statements) sqlite3_finalize(statement);
}

Statement StatementPool::take(sqlite3* database, const std::string& path, std::string_view sql) {
  auto entry = idle_.find(sql);
  if (entry == idle_.end()) entry = idle_.emplace(sql, std::vector<sqlite3_stmt*>()).first;
  std::vector<sqlite3_stmt*>& idle = entry->second;
  sqlite3_stmt* statement = nullptr;
  if (!idle.empty()) {
    statement = idle.back();
    idle.pop_back();
    return {statement, idle, path};
  }
  idle.reserve(idle.capacity() + 1);
  const int result = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr);
  if (result != SQLITE_OK) throw failure(database, path, result);
  return {statement, idle, path};
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), parameter, value));
  return *this;
}

Statement& Statement::bind(int parameter, const std::string& value) {
  check(sqlite3_bind_text64(statement_.get(), parameter, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(int parameter, const Bytes& value) {
  // A null pointer would be NULL, not an empty blob.
  const void* data = value.empty() ? static_cast<const void*>("") : value.data();
  check(sqlite3_bind_blob64(statement_.get(), parameter, data, value.size(), SQLITE_TRANSIENT));
  return *this;
}

bool Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) {
    const Error error = failure(sqlite3_db_handle(statement_.get()), path_, result);
    reset();
    throw Error(error);
  }
  reset();
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

void Statement::reset() noexcept {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string Statement::text(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return data == nullptr ? std::string() : std::string(data, size);
}

Bytes Statement::bytes(int column) const {
  const auto* data = static_cast<const Bytes::value_type*>(sqlite3_column_blob(statement_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return data == nullptr ? Bytes() : Bytes(data, data + size);
}

void Statement::check(int result) const {
  if (result != SQLITE_OK) throw failure(sqlite3_db_handle(statement_.get()), path_, result);
}

void Database::Closer::operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }

Database::Database(std::string path, OpenFor purpose) : path_(std::move(path)) {
  const bool reading = purpose == OpenFor::reading;
  // Whoever closes a database last removes the files beside it, if it may write.
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (reading ? 0 : SQLITE_OPEN_CREATE);
  std::string name = path_;
  if (const std::string file = followed(path_); reading && nobody_can_write(file)) {
    flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    name = immutable(file);
  }
  sqlite3* database = nullptr;
  const int result = sqlite3_open_v2(name.c_str(), &database, flags, nullptr);
  database_.reset(database);
  if (result != SQLITE_OK) throw failure(database, path_, result);
  sqlite3_extended_result_codes(database, 1);
  constexpr int milliseconds = 5000;
  sqlite3_busy_timeout(database, milliseconds);
  if (reading) execute("PRAGMA query_only = 1");
}

void Database::execute(const char* sql) {
  const int result = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) throw failure(database_.get(), path_, result);
}

std::int64_t Database::changes() const noexcept { return sqlite3_changes64(database_.get()); }

}  // namespace p11csr::batch
