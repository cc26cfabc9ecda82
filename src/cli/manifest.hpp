#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <utility>
#include <vector>

#include <p11csr/model/error.hpp>

#include "cli/row_content.hpp"

namespace p11csr::cli {

/// ManifestRow is a row of a manifest: the line that it begins on, from 1, and the columns that hold something.
struct ManifestRow {
  std::uint64_t line = 0;
  RowFields fields;
};

/// ManifestReader reads a manifest as it comes, row by row: CSV (RFC 4180) whose first row names the columns, or JSON
/// Lines, an object a line.
class ManifestReader {
 public:
  using TakeRow = std::function<void(ManifestRow&&)>;
  using TakeBadRow = std::function<void(std::uint64_t line, const Error& why)>;

  /// `columns` are the ones that may be there, besides those for people. Rows that are none are told to `bad`.
  ManifestReader(std::string path, std::vector<std::string> columns, TakeRow take, TakeBadRow bad);

  /// require names a column without which no row can be used: where the first row of CSV lacks it, read throws.
  void require(std::string column) { required_ = std::move(column); }

  /// read reads the file, or `in` for "-". Throws Error(file_failed), and Error(malformed_input) with the line for what
  /// leaves no rows to tell apart.
  void read(std::istream& in);

 private:
  void read_from(std::istream& in);
  void check_required(const std::vector<std::string>& header) const;
  void take_csv_row(std::uint64_t line, std::vector<std::string>&& cells);
  void take_json_row(std::uint64_t line, const std::string& text);
  [[nodiscard]] Error wrong(std::uint64_t line, const std::string& what, std::string hint) const;

  std::string path_;
  std::vector<std::string> columns_;
  std::string required_;
  TakeRow take_;
  TakeBadRow bad_;
  std::vector<std::string> header_;
};

}  // namespace p11csr::cli
