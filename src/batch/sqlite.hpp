#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <p11csr/model/bytes.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace p11csr::batch {

class StatementPool;

/// Statement is a prepared SQL statement. Parameters and columns count from 1 and 0, as in SQLite. Functions throw
/// Error(file_failed).
class Statement {
 public:
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, const std::string& value);
  Statement& bind(int parameter, const Bytes& value);

  /// step is true where there is a row. After the last one the statement can be bound and run again.
  [[nodiscard]] bool step();
  /// run steps a statement that gives no rows, and makes it ready for the next time.
  void run();
  void reset() noexcept;

  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] Bytes bytes(int column) const;

 private:
  friend class StatementPool;
  /// GiveBack keeps the statement prepared for the next one who asks with the same SQL.
  struct GiveBack {
    std::vector<sqlite3_stmt*>* idle;
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  Statement(sqlite3_stmt* statement, std::vector<sqlite3_stmt*>& idle, const std::string& path)
      : path_(path), statement_(statement, GiveBack{&idle}) {}
  void check(int result) const;

  const std::string& path_;
  std::unique_ptr<sqlite3_stmt, GiveBack> statement_;
};

/// StatementPool has the statements that nobody uses now, by their SQL: to prepare one takes longer than to run it. It
/// outlives them all.
class StatementPool {
 public:
  StatementPool() = default;
  StatementPool(StatementPool&&) = delete;
  ~StatementPool();

  [[nodiscard]] Statement take(sqlite3* database, const std::string& path, std::string_view sql);

 private:
  std::map<std::string, std::vector<sqlite3_stmt*>, std::less<>> idle_;
};

enum class OpenFor { reading, writing };

/// Database is an open SQLite file; an empty path is a temporary one. Functions throw Error(file_failed), and
/// Error(malformed_input) for a file that is no database.
class Database {
 public:
  Database(std::string path, OpenFor purpose);
  Database(Database&&) = delete;
  ~Database() = default;

  void execute(const char* sql);
  [[nodiscard]] Statement prepare(std::string_view sql) const { return pool_.take(database_.get(), path_, sql); }
  [[nodiscard]] std::int64_t changes() const noexcept;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  struct Closer {
    void operator()(sqlite3* database) const noexcept;
  };

  std::string path_;
  std::unique_ptr<sqlite3, Closer> database_;
  mutable StatementPool pool_;
};

}  // namespace p11csr::batch
