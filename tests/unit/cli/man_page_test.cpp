#include "cli/man_page.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/model/error.hpp>

#include "cli/command.hpp"
#include "cli/roff.hpp"

namespace p11csr::cli {
namespace {

using testing::HasSubstr;

void add_each(Prose& prose, const std::vector<Command>& commands, const std::string& group) {
  for (const Command& command : commands) {
    prose[group + command.name] = "About " + group + command.name + ".\n";
    add_each(prose, command.subcommands, group + command.name + " ");
  }
}

Prose about_everything() {
  Prose prose{{"p11csr", "About it all.\n"}};
  add_each(prose, all_commands(), "");
  return prose;
}

std::string text_of(const std::vector<ManPage>& pages, const std::string& file) {
  const auto page =
      std::find_if(pages.begin(), pages.end(), [&file](const ManPage& each) { return each.file == file; });
  return page == pages.end() ? "" : page->text;
}

TEST(RoffTest, TakesNoTextForAMacroOrAnEscape) {
  EXPECT_EQ(roff_text(".so file"), "\\&.so file");
  EXPECT_EQ(roff_text("'x"), "\\&\\(aqx");
  EXPECT_EQ(roff_text("a\\b"), "a\\eb");
}
TEST(RoffTest, KeepsWhatIsToBeCopied) { EXPECT_EQ(roff_text("--key 'a' ~"), "\\-\\-key \\(aqa\\(aq \\(ti"); }
TEST(RoffTest, ShowsIndentedLinesAsTheyAre) {
  std::string page;
  add_paragraphs(page, "One\ntwo.\n\n    p11csr x\n    y\n\nThree.\n");
  EXPECT_EQ(page, ".PP\nOne\ntwo.\n.PP\n.RS 4\n.nf\np11csr x\ny\n.fi\n.RE\n.PP\nThree.\n");
}

TEST(ManPageTest, HasTheProseAndTheOptions) {
  const auto pages = man_pages(about_everything());
  EXPECT_THAT(text_of(pages, "p11csr-token-list.1"), HasSubstr("About token list.\n"));
  EXPECT_THAT(text_of(pages, "p11csr-request.1"), HasSubstr("\\fB\\-\\-subject\\fR \\fIDN\\fR\n"));
  EXPECT_THAT(text_of(pages, "p11csr-token.1"), HasSubstr("\\fBp11csr\\-token\\-list\\fR(1)\n"));
  EXPECT_NE(text_of(pages, "p11csr-exit-codes.7"), "");
}
TEST(ManPageTest, WantsProseAboutEachCommandAndNothingElse) {
  Prose prose = about_everything();
  prose.erase("key list");
  EXPECT_THROW(static_cast<void>(man_pages(prose)), Error);
  prose = about_everything();
  prose["key lisst"] = "x";
  EXPECT_THROW(static_cast<void>(man_pages(prose)), Error);
}

TEST(ProseTest, IsDividedByItsHeadings) {
  const Prose prose = parse_prose("# a comment\n\n== key list\nLists.\n\nMore.\n== key\nKeys.");
  EXPECT_EQ(prose, (Prose{{"key list", "Lists.\n\nMore.\n"}, {"key", "Keys.\n"}}));
}
TEST(ProseTest, IsRefusedTwiceAndWithoutAHeading) {
  EXPECT_THROW(static_cast<void>(parse_prose("== key\nx\n== key\ny\n")), Error);
  EXPECT_THROW(static_cast<void>(parse_prose("x\n== key\n")), Error);
}

}  // namespace
}  // namespace p11csr::cli
