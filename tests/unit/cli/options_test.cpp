#include "cli/options.hpp"

#include <gmock/gmock.h>

#include <p11csr/model/error.hpp>

namespace p11csr::cli {
namespace {

using ::testing::ElementsAre;

/// Parsed is what `arguments` give to a text, a list and a word.
struct Parsed {
  explicit Parsed(std::vector<std::string> arguments) {
    Options options;
    options.text("-l,--label", label, "TEXT", "");
    options.list("--san", names, "KIND:VALUE", "");
    options.operand("word", "", word, "");
    options.parse(std::move(arguments));
  }
  std::string label;
  std::vector<std::string> names;
  std::string word;
};

TEST(OptionsTest, KeepsEachValueOfAListAsItIsGiven) {
  EXPECT_THAT(Parsed({"--san", "dns:a,b", "--san=[dns:a,dns:b]", "--san", "[c,d]"}).names,
              ElementsAre("dns:a,b", "[dns:a,dns:b]", "[c,d]"));
}
TEST(OptionsTest, TakesOneWordForAListEachTime) {
  const Parsed parsed({"--san", "dns:a", "word"});
  EXPECT_THAT(parsed.names, ElementsAre("dns:a"));
  EXPECT_EQ(parsed.word, "word");
}
TEST(OptionsTest, RefusesAnEmptyValueOfAListWhereverItStands) {
  EXPECT_THROW(Parsed({"--san", "", "--san", "dns:a"}), Error);
  EXPECT_THROW(Parsed({"--san", "dns:a", "--san="}), Error);
}
TEST(OptionsTest, KeepsBracketsThatTheParserReadsAsAnEscape) {
  for (const std::string value : {"[a]", "[[aa]]", "[[]]", "[[ab]]", "[[[[aaaa]]]]", "[a,b]"}) {
    EXPECT_EQ(Parsed({"--label", value}).label, value);
    EXPECT_EQ(Parsed({"--label=" + value}).label, value);
    EXPECT_EQ(Parsed({value}).word, value);
    EXPECT_THAT(Parsed({"--san", value}).names, ElementsAre(value));
  }
}

}  // namespace
}  // namespace p11csr::cli
