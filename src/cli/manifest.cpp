#include "cli/manifest.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <utility>

#include "cli/json.hpp"
#include "model/csv_reader.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

constexpr std::size_t kChunk = 64UL * 1024;
constexpr std::size_t kLongestLine = 1024UL * 1024;

bool is_json(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.substr(0, byte_order_mark.size()) == byte_order_mark) text.remove_prefix(byte_order_mark.size());
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

// The value of a column; empty for null.
std::optional<std::string> text_of(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return value.dump();
  if (!value.is_array()) return std::nullopt;
  std::string joined;
  for (const Json& each : value) {
    if (!each.is_string()) return std::nullopt;
    joined += (joined.empty() ? "" : ";") + each.get<std::string>();
  }
  return joined;
}

}  // namespace

ManifestReader::ManifestReader(std::string path, std::vector<std::string> columns, TakeRow take, TakeBadRow bad)
    : path_(path == "-" ? "standard input" : std::move(path)),
      columns_(std::move(columns)),
      take_(std::move(take)),
      bad_(std::move(bad)) {}

Error ManifestReader::wrong(std::uint64_t line, const std::string& what, std::string hint) const {
  return at_line(path_, line, {Errc::malformed_input, what, std::move(hint)});
}

void ManifestReader::read(std::istream& in) {
  if (path_ == "standard input") {
    read_from(in);
    return;
  }
  std::ifstream file(path_, std::ios::binary);
  if (!file)
    throw Error(Errc::file_failed,
                fmt::format("cannot read the manifest {}: {}", model::in_quotes(path_), std::strerror(errno)),
                "its first row names the columns, each other one is a request");
  read_from(file);
}

void ManifestReader::read_from(std::istream& in) {
  std::string chunk(kChunk, '\0');
  const auto fill = [&] {
    chunk.resize(kChunk);
    in.read(chunk.data(), static_cast<std::streamsize>(kChunk));
    chunk.resize(static_cast<std::size_t>(in.gcount()));
    if (in.bad())
      throw Error(Errc::file_failed,
                  fmt::format("cannot read the manifest {}: {}", model::in_quotes(path_), std::strerror(errno)));
    return !chunk.empty();
  };
  const Error empty = wrong(1, "the manifest is empty", "its first row names the columns, each other one is a request");
  if (!fill()) throw Error(empty);
  if (!is_json(chunk)) {
    model::CsvReader reader(path_, model::csv_delimiter(chunk),
                            [this](model::CsvRow&& row) { take_csv_row(row.line, std::move(row.fields)); });
    do {
      reader.feed(chunk);
    } while (fill());
    reader.finish();
    if (header_.empty()) throw Error(empty);
    return;
  }
  std::string line;
  std::uint64_t number = 1;
  do {
    for (const char c : chunk) {
      if (c != '\n') {
        line += c;
        if (line.size() > kLongestLine) throw wrong(number, "the line is too long", "write one object on each line");
        continue;
      }
      take_json_row(number++, std::exchange(line, {}));
    }
  } while (fill());
  if (!line.empty()) take_json_row(number, line);
}

void ManifestReader::check_required(const std::vector<std::string>& header) const {
  if (required_.empty() || std::find(header.begin(), header.end(), required_) != header.end()) return;
  throw Error(Errc::malformed_input, fmt::format("there is no column {}", model::in_quotes(required_)),
              "every row needs it");
}

void ManifestReader::take_csv_row(std::uint64_t line, std::vector<std::string>&& cells) {
  if (header_.empty()) {
    try {
      check_columns(cells, columns_);
      check_required(cells);
    } catch (const Error& error) {
      throw at_line(path_, line, error);
    }
    header_ = std::move(cells);
    return;
  }
  ManifestRow row{line, {}};
  try {
    check_width(cells.size(), header_.size());
  } catch (const Error& error) {
    bad_(line, error);
    return;
  }
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (!cells[i].empty() && !is_note_column(header_[i])) row.fields[header_[i]] = std::move(cells[i]);
  take_(std::move(row));
}

void ManifestReader::take_json_row(std::uint64_t line, const std::string& text) {
  if (text.find_first_not_of(" \t\r") == std::string::npos) return;
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) {
    bad_(line,
         Error(Errc::malformed_input, "the line is no JSON object", "write {\"label\": \"web-01\", …}, a line each"));
    return;
  }
  ManifestRow row{line, {}};
  try {
    for (const auto& [name, value] : json.items()) {
      check_columns({name}, columns_);
      if (is_note_column(name)) continue;
      auto cell = text_of(value);
      if (!cell)
        throw Error(Errc::malformed_input, fmt::format("{} holds no text", model::in_quotes(name)),
                    "write a string, or for san an array of them");
      if (!cell->empty()) row.fields[name] = std::move(*cell);
    }
  } catch (const Error& error) {
    bad_(line, error);
    return;
  }
  take_(std::move(row));
}

}  // namespace p11csr::cli
