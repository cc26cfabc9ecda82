#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace p11csr::model {

/// CsvRow is one record of a CSV text (RFC 4180): its fields, and the line that it begins on, from 1.
struct CsvRow {
  std::size_t line = 0;
  std::vector<std::string> fields;
};

/// csv_delimiter is the separator of a text, by its first row: comma, or the semicolon of some spreadsheets.
[[nodiscard]] char csv_delimiter(std::string_view text);

/// CsvReader takes a CSV text apart as it comes, so that its length does not matter. Quoting is strict; blanks belong
/// to fields; empty lines are no records; a byte order mark is passed over.
class CsvReader {
 public:
  using TakeRow = std::function<void(CsvRow&&)>;

  /// CsvReader of a text that is called `name` in errors.
  CsvReader(std::string name, char delimiter, TakeRow take);
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;
  ~CsvReader();

  /// feed and finish call take_row for each record that is complete. Throw Error(malformed_input) that names the line.
  void feed(std::string_view text);
  void finish();

 private:
  struct Parser;

  void feed_line(std::string_view line);
  void take_records();
  [[noreturn]] void refuse() const;

  std::unique_ptr<Parser> parser_;
  std::string name_;
  TakeRow take_;
  std::size_t line_ = 1;         // that is being read
  std::size_t record_line_ = 1;  // that the record began on
};

}  // namespace p11csr::model
