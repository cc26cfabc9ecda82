#include "cli/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

namespace p11csr::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

/// ManifestTest reads a text as a manifest with the columns label, subject, san and host.
class ManifestTest : public testing::Test {
 protected:
  void read(const std::string& text) {
    ManifestReader reader(
        "-", {"label", "subject", "san", "host"}, [this](ManifestRow&& row) { rows.push_back(std::move(row)); },
        [this](std::uint64_t line, const Error& why) { bad.push_back(std::to_string(line) + ": " + why.what()); });
    std::istringstream in(text);
    reader.read(in);
  }
  std::string refusal(const std::string& text) {
    try {
      read(text);
    } catch (const Error& error) {
      return std::string(error.what()) + "; " + error.hint();
    }
    return "";
  }

  std::vector<ManifestRow> rows;
  std::vector<std::string> bad;
};

TEST_F(ManifestTest, ReadsRowsOfCsvWithTheirLines) {
  read("label,subject\na,CN=a\n\n\"b\n\",\"CN=b,O=x\"\n");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_THAT(rows[0].fields, ElementsAre(Pair("label", "a"), Pair("subject", "CN=a")));
  EXPECT_EQ(rows[0].line, 2U);
  EXPECT_EQ(rows[1].line, 4U);
  EXPECT_EQ(rows[1].fields.at("subject"), "CN=b,O=x");
}

TEST_F(ManifestTest, ReadsSemicolonsWhereASpreadsheetWroteThem) {
  read("label;subject\na;CN=a,O=b\n");
  EXPECT_EQ(rows.at(0).fields.at("subject"), "CN=a,O=b");
}

TEST_F(ManifestTest, ReadsAnObjectFromEachLine) {
  read(
      "{\"label\": \"a\", \"san\": [\"dns:x\", \"dns:y\"], \"host\": 7, \"_note\": {\"any\": 1}}\n\n{\"label\": null}");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_THAT(rows[0].fields, ElementsAre(Pair("host", "7"), Pair("label", "a"), Pair("san", "dns:x;dns:y")));
  EXPECT_EQ(rows[1].line, 3U);
  EXPECT_THAT(rows[1].fields, IsEmpty());
}

TEST_F(ManifestTest, PassesOverColumnsForPeopleAndEmptyCells) {
  read("label,_who,host\na,Ann,\n");
  EXPECT_THAT(rows.at(0).fields, ElementsAre(Pair("label", "a")));
}

TEST_F(ManifestTest, TellsBadRowsAndGoesOn) {
  read("label,subject\na\nb,CN=b\nc,d,e\n");
  EXPECT_EQ(rows.size(), 1U);
  EXPECT_THAT(bad, ElementsAre(HasSubstr("2: 1 fields"), HasSubstr("4: 3 fields")));
  read("{\"label\": \"a\"}\nnot json\n{\"label\": {}}\n{\"host\": \"h\"}\n");
  EXPECT_EQ(rows.size(), 3U);
  EXPECT_THAT(bad[2], HasSubstr("2: the line is no JSON object"));
  EXPECT_THAT(bad[3], HasSubstr("holds no text"));
}

TEST_F(ManifestTest, NamesTheColumnThatWasMeant) {
  EXPECT_THAT(refusal("labl,subject\n"), HasSubstr("no column is called 'labl'; did you mean 'label'?"));
  EXPECT_THAT(refusal("label,label\n"), HasSubstr("is there twice"));
  EXPECT_THAT(refusal(""), HasSubstr("the manifest is empty"));
}

TEST_F(ManifestTest, ReadsMoreThanOneChunk) {
  std::string text = "label\n";
  for (int i = 0; i < 50'000; ++i) text += "row-" + std::to_string(i) + "\n";
  read(text);
  ASSERT_EQ(rows.size(), 50'000U);
  EXPECT_EQ(rows.back().fields.at("label"), "row-49999");
  EXPECT_EQ(rows.back().line, 50'001U);
}

}  // namespace
}  // namespace p11csr::cli
