#include "cli/exit_code.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/help_topics.hpp"

namespace p11csr::cli {
namespace {

using testing::HasSubstr;

using Cells = std::vector<std::string>;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// exit_rows gives the cells of the lines "| NUMBER | … |" of a page in docs/.
std::vector<Cells> exit_rows(const std::string& page) {
  std::ifstream file(std::string(P11CSR_SOURCE_DIR) + "/docs/" + page);
  std::vector<Cells> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("| ", 0) != 0 || line[2] < '0' || line[2] > '9') continue;
    Cells cells;
    for (std::size_t from = 1, to = 0; (to = line.find('|', from)) != std::string::npos; from = to + 1)
      cells.push_back(trimmed(line.substr(from, to - from)));
    rows.push_back(std::move(cells));
  }
  return rows;
}

std::string without_backquotes(std::string text) {
  std::erase(text, '`');
  return text;
}

std::string topic_text(std::string_view name) {
  for (const HelpTopic& topic : help_topics())
    if (topic.name == name) return topic.text();
  return {};
}

std::string on_one_line(const std::string& text) {
  std::string result;
  for (const char c : text)
    if (c != '\n' && (c != ' ' || !result.ends_with(' ')))
      result += c;
    else if (c == '\n' && !result.ends_with(' '))
      result += ' ';
  return result;
}

TEST(ExitCodeTest, MeansWhatTheContractSays) {
  std::vector<Cells> meanings;
  for (const ExitMeaning& row : exit_meanings())
    meanings.push_back({std::to_string(row.code), std::string(row.meaning)});
  EXPECT_EQ(exit_rows("CLI.md"), meanings);
}

TEST(ExitCodeTest, OfEveryErrorHasAMeaning) {
  std::size_t errors = 0;
  for (const ExitMeaning& row : exit_meanings()) errors += errors_with(row.code).size();
  EXPECT_EQ(errors, static_cast<std::size_t>(Errc::interrupted) + 1);
}

TEST(ExitCodeTest, OfEveryErrorIsOnTheManualsPage) {
  std::vector<std::pair<std::string, std::string>> documented;
  for (const Cells& row : exit_rows("exit-codes.md")) documented.emplace_back(row.at(0), without_backquotes(row.at(1)));
  std::vector<std::pair<std::string, std::string>> known{{"0", ""}};
  for (const ExitMeaning& row : exit_meanings())
    for (const Errc error : errors_with(row.code)) known.emplace_back(std::to_string(row.code), errc_name(error));
  EXPECT_EQ(documented, known);
}

TEST(HelpTopicTest, OnExitCodesTellsEveryCodeAndError) {
  const std::string text = on_one_line(topic_text("exit-codes"));
  for (const ExitMeaning& row : exit_meanings()) {
    EXPECT_THAT(text, HasSubstr(std::to_string(row.code) + " " + without_backquotes(std::string(row.meaning))));
    for (const Errc error : errors_with(row.code)) EXPECT_THAT(text, HasSubstr(std::string(errc_name(error))));
  }
}

TEST(HelpTopicTest, FitsALineOfEightyColumns) {
  for (const HelpTopic& topic : help_topics()) {
    const std::string text = topic.text();
    for (std::size_t from = 0, to = 0; (to = text.find('\n', from)) != std::string::npos; from = to + 1)
      EXPECT_LE(to - from, 82U) << text.substr(from, to - from);
    EXPECT_TRUE(text.ends_with('\n'));
  }
}

}  // namespace
}  // namespace p11csr::cli
