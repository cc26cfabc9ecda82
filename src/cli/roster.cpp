#include "cli/roster.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

#include <p11csr/crypto/digest.hpp>
#include <p11csr/model/error.hpp>

#include "cli/document_input.hpp"
#include "cli/row_content.hpp"
#include "model/csv_reader.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using model::CsvRow;
using workflow::Person;

constexpr std::string_view card_column = "card";

class RosterReader {
 public:
  using Judge = std::function<void(const Person&)>;

  RosterReader(std::string path, const std::vector<std::string>& fields, const Judge& judge)
      : path_(std::move(path)), fields_(fields), judge_(judge) {}

  void take(const CsvRow& row) {
    try {
      if (columns_.empty())
        take_header(row);
      else
        people_.push_back(person(row));
    } catch (const Error& error) {
      throw at_line(path_, row.line, error);
    }
  }

  std::vector<Person> people() && { return std::move(people_); }

 private:
  void take_header(const CsvRow& row) {
    std::vector<std::string> known{"label", "id", "subject", "san", std::string(card_column)};
    known.insert(known.end(), fields_.begin(), fields_.end());
    check_columns(row.fields, known);
    columns_ = row.fields;
  }

  Person person(const CsvRow& row) {
    check_width(row.fields.size(), columns_.size());
    Person person;
    std::string all;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      // Notes, and which card, may change from one session to the next.
      if (columns_[i] != card_column && !is_note_column(columns_[i]))
        all += fmt::format("{}={}\n", columns_[i], row.fields[i]);
      if (row.fields[i].empty()) continue;
      if (columns_[i] == card_column)
        person.card = row.fields[i];
      else
        person.fields[columns_[i]] = row.fields[i];
    }
    person.key = crypto::sha256_text(as_bytes(all));
    person.name = name_of(person, row);
    if (!keys_.insert(person.key).second)
      throw Error(Errc::malformed_input, "this row is there twice", "leave one of the two out");
    if (!person.card.empty() && !cards_.insert(person.card).second)
      throw Error(Errc::malformed_input,
                  fmt::format("the card {} is meant for somebody else already", model::in_quotes(person.card)),
                  "correct the column card of one of the two");
    judge_(person);
    return person;
  }

  [[nodiscard]] std::string name_of(const Person& person, const CsvRow& row) const {
    constexpr std::array<const char*, 5> names = {"_name", "name", "cn", "upn", "email"};
    for (const char* name : names) {
      const auto found = person.fields.find(name);
      if (found != person.fields.end()) return found->second;
    }
    const auto first =
        std::find_if(row.fields.begin(), row.fields.end(), [](const std::string& field) { return !field.empty(); });
    return first == row.fields.end() ? fmt::format("row {}", row.line) : *first;
  }

  std::string path_;
  const std::vector<std::string>& fields_;
  const Judge& judge_;
  std::vector<std::string> columns_;
  std::vector<Person> people_;
  std::set<std::string> keys_;
  std::set<std::string> cards_;
};

}  // namespace

std::vector<Person> read_roster(const std::string& path, const std::vector<std::string>& fields,
                                const std::function<void(const Person&)>& judge) {
  constexpr std::size_t most = 64UL * 1024 * 1024;
  const Bytes content = read_file(path, most);
  const std::string_view text = as_text(content);
  RosterReader roster(path, fields, judge);
  model::CsvReader reader(path, model::csv_delimiter(text), [&roster](CsvRow&& row) { roster.take(row); });
  reader.feed(text);
  reader.finish();
  auto people = std::move(roster).people();
  if (people.empty())
    throw Error(Errc::malformed_input, fmt::format("nobody is on the roster {}", model::in_quotes(path)),
                "its first row names the columns, each other one is a person");
  return people;
}

}  // namespace p11csr::cli
