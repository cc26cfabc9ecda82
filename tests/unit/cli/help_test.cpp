#include "cli/help.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace p11csr::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string help(HelpWanted wanted) {
  std::string value;
  const auto declare = [&value](Options& options) {
    options.text("--usual", value, "TEXT", "often");
    options.text("--rare", value, "TEXT", "seldom", Rarity::rare);
    options.operand("THING", "", value, "what to make");
    return [](Streams&) { return 0; };
  };
  return command_help({"make", "make things", {"p11csr make tea"}, declare, {}}, "make", wanted);
}

TEST(HelpTest, ShowsTheUsualOptionsOnOneScreen) {
  EXPECT_THAT(help(HelpWanted::one_screen), HasSubstr("--usual TEXT"));
  EXPECT_THAT(help(HelpWanted::one_screen), Not(HasSubstr("--rare")));
}
TEST(HelpTest, ShowsAllOptionsWhenAllAreWanted) { EXPECT_THAT(help(HelpWanted::all), HasSubstr("--rare TEXT")); }
TEST(HelpTest, ShowsOperandsInTheUsage) {
  EXPECT_THAT(help(HelpWanted::all), HasSubstr("Usage: p11csr make [OPTIONS] THING"));
}
TEST(HelpTest, ShowsTheExamples) { EXPECT_THAT(help(HelpWanted::one_screen), HasSubstr("  p11csr make tea\n")); }
TEST(HelpTest, IsNotAskedForBehindTwoDashes) {
  EXPECT_EQ(help_wanted({"--", "--help"}), HelpWanted::none);
  EXPECT_EQ(help_wanted({"x", "-h"}), HelpWanted::one_screen);
  EXPECT_EQ(help_wanted({"--help"}), HelpWanted::all);
}
TEST(HelpTest, EveryCommandHasASummaryAndExamples) {
  for (const Command& command : all_commands()) {
    EXPECT_NE(command.summary, "") << command.name;
    EXPECT_FALSE(command.examples.empty()) << command.name;
  }
}

}  // namespace
}  // namespace p11csr::cli
