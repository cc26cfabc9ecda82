#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <p11csr/model/bytes.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace p11csr::batch {

/// Statement is a prepared SQL statement. Parameters and columns count from 1 and 0, as in SQLite. Functions throw
/// Error(file_failed).
class Statement {
 public:
  Statement(sqlite3* database, const std::string& path, std::string_view sql);

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
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  void check(int result) const;

  const std::string& path_;
  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
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
  [[nodiscard]] Statement prepare(std::string_view sql) const { return {database_.get(), path_, sql}; }
  [[nodiscard]] std::int64_t changes() const noexcept;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  struct Closer {
    void operator()(sqlite3* database) const noexcept;
  };

  std::string path_;
  std::unique_ptr<sqlite3, Closer> database_;
};

}  // namespace p11csr::batch
