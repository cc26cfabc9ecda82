#include "model/csv_reader.hpp"

#include <csv.h>
#include <new>
#include <utility>

#include <p11csr/model/error.hpp>

#include "model/quote.hpp"

namespace p11csr::model {

/// Parser is libcsv's, and what it has handed over since the last record was taken.
struct CsvReader::Parser {
  explicit Parser(char delimiter) {
    if (csv_init(&state, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
    csv_set_delim(&state, static_cast<unsigned char>(delimiter));
    csv_set_space_func(&state, [](unsigned char /*unused*/) { return 0; });
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() { csv_free(&state); }

  static void take_field(void* text, std::size_t size, void* self) {
    static_cast<Parser*>(self)->fields.emplace_back(static_cast<const char*>(text), size);
  }
  static void end_record(int /*unused*/, void* self) {
    auto& parser = *static_cast<Parser*>(self);
    parser.records.push_back(std::exchange(parser.fields, {}));
  }
  // libcsv's ROW_NOT_BEGUN.
  [[nodiscard]] bool is_between_records() const { return state.pstate == 0; }

  csv_parser state{};
  std::vector<std::string> fields;                // of the record that is being read
  std::vector<std::vector<std::string>> records;  // complete, not taken yet
  bool begun = false;
};

char csv_delimiter(std::string_view text) {
  const auto first_row = text.substr(0, text.find('\n'));
  return first_row.find(',') == std::string_view::npos && first_row.find(';') != std::string_view::npos ? ';' : ',';
}

CsvReader::CsvReader(std::string name, char delimiter, TakeRow take)
    : parser_(std::make_unique<Parser>(delimiter)), name_(std::move(name)), take_(std::move(take)) {}

CsvReader::~CsvReader() = default;

// Line by line, so that the line of each record is known: a quoted field may hold several.
void CsvReader::feed(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (!std::exchange(parser_->begun, true) && text.starts_with(byte_order_mark))
    text.remove_prefix(byte_order_mark.size());
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
    feed_line(text.substr(0, size));
    if (end != std::string_view::npos) ++line_;
    if (parser_->is_between_records()) record_line_ = line_;
    text.remove_prefix(size);
  }
}

void CsvReader::feed_line(std::string_view line) {
  const std::size_t taken =
      csv_parse(&parser_->state, line.data(), line.size(), Parser::take_field, Parser::end_record, parser_.get());
  if (taken != line.size()) refuse();
  take_records();
}

void CsvReader::take_records() {
  for (auto& fields : std::exchange(parser_->records, {})) take_({record_line_, std::move(fields)});
}

void CsvReader::finish() {
  if (csv_fini(&parser_->state, Parser::take_field, Parser::end_record, parser_.get()) != 0) refuse();
  take_records();
}

void CsvReader::refuse() const {
  if (csv_error(const_cast<csv_parser*>(&parser_->state)) == CSV_ENOMEM) throw std::bad_alloc();
  throw Error(Errc::malformed_input, name_ + ":" + std::to_string(line_) + ": a quotation mark is out of place",
              "put the whole field in quotation marks, and double those in it");
}

}  // namespace p11csr::model
