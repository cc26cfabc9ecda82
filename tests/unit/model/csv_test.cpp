#include <algorithm>
#include <gtest/gtest.h>

#include "model/csv_reader.hpp"
#include "model/csv_text.hpp"
#include "unit/model/thrown_error.hpp"
#include "unit/property.hpp"

namespace p11csr::model {
namespace {

using Rows = std::vector<CsvRow>;

Rows read(const std::string& text, std::size_t piece = std::string::npos, char delimiter = ',') {
  Rows rows;
  CsvReader reader("people.csv", delimiter, [&rows](CsvRow&& row) { rows.push_back(std::move(row)); });
  for (std::size_t at = 0; at < text.size(); at += std::min(piece, text.size() - at))
    reader.feed(std::string_view(text).substr(at, piece));
  reader.finish();
  return rows;
}

std::vector<std::string> fields_of(const std::string& text) {
  const Rows rows = read(text);
  return rows.size() == 1 ? rows.front().fields : std::vector<std::string>{"not one row"};
}

TEST(CsvReaderTest, TakesFieldsApart) {
  EXPECT_EQ(fields_of("a,b,,d\n"), (std::vector<std::string>{"a", "b", "", "d"}));
}

TEST(CsvReaderTest, TakesALastLineWithoutAnEnd) { EXPECT_EQ(fields_of("a,b"), (std::vector<std::string>{"a", "b"})); }

TEST(CsvReaderTest, KeepsWhatIsInQuotationMarks) {
  EXPECT_EQ(fields_of("\"a,\"\"b\"\"\r\nc\",d\r\n"), (std::vector<std::string>{"a,\"b\"\r\nc", "d"}));
}

TEST(CsvReaderTest, KeepsBlanks) { EXPECT_EQ(fields_of(" a ,b \n"), (std::vector<std::string>{" a ", "b "})); }

TEST(CsvReaderTest, PassesOverAByteOrderMark) {
  EXPECT_EQ(fields_of("\xef\xbb\xbf"
                      "a\n"),
            std::vector<std::string>{"a"});
}

TEST(CsvReaderTest, TakesAnotherDelimiter) {
  const Rows rows = read("a,1;b\n", std::string::npos, ';');
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].fields, (std::vector<std::string>{"a,1", "b"}));
}

TEST(CsvReaderTest, KnowsTheLineThatEachRecordBeginsOn) {
  const Rows rows = read("a\n\n\"b\nb\"\nc\n");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].line, 1U);
  EXPECT_EQ(rows[1].line, 3U);
  EXPECT_EQ(rows[2].line, 5U);
}

TEST(CsvReaderTest, NamesTheLineOfAQuotationMarkThatIsOutOfPlace) {
  const Error error = test::thrown_error([] { return read("a\nb\"c\n"); });
  EXPECT_EQ(error.code(), Errc::malformed_input);
  EXPECT_NE(std::string(error.what()).find("people.csv:2:"), std::string::npos) << error.what();
}

TEST(CsvReaderTest, RefusesAQuotedFieldWithoutItsEnd) {
  EXPECT_EQ(test::thrown_error([] { return read("\"a\n"); }).code(), Errc::malformed_input);
}

TEST(CsvReaderTest, ReadsWhatCsvLineWroteInPiecesOfAnySize) {
  EXPECT_TRUE(test::holds("a row written and read is the same row", [] {
    const auto field = rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab ,;\"\r\n\t\xc3\xa9")));
    const auto row = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(field));
    const auto piece = *rc::gen::inRange<std::size_t>(1, 9);
    // A record of one empty field is an empty line, which is none.
    RC_PRE(row.size() > 1 || !row.front().empty());
    const Rows rows = read(csv_line(row), piece);
    RC_ASSERT(rows.size() == 1U);
    RC_ASSERT(rows.front().fields == row);
  }));
}

}  // namespace
}  // namespace p11csr::model
