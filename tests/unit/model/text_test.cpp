#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/ascii.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"
#include "model/utf8.hpp"
#include "unit/model/thrown_error.hpp"

namespace p11csr::model {
namespace {

using test::thrown_error;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Utf8Test, CountsCharactersNotOctets) {
  EXPECT_EQ(count_code_points("aü€😀"), 4U);
  EXPECT_EQ(count_code_points(""), 0U);
}

TEST(Utf8Test, RefusesOverlongForms) {
  for (const std::string_view text : {"\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80"}) {
    EXPECT_FALSE(count_code_points(text)) << in_quotes(text);
  }
}

TEST(Utf8Test, RefusesSurrogates) {
  EXPECT_FALSE(count_code_points("\xed\xa0\x80"));
  EXPECT_FALSE(count_code_points("\xed\xbf\xbf"));
  EXPECT_TRUE(count_code_points("\xed\x9f\xbf"));
}

TEST(Utf8Test, RefusesWhatIsAboveUnicode) {
  EXPECT_FALSE(count_code_points("\xf4\x90\x80\x80"));
  EXPECT_FALSE(count_code_points("\xf8\x88\x80\x80\x80"));
  EXPECT_TRUE(count_code_points("\xf4\x8f\xbf\xbf"));
}

TEST(Utf8Test, RefusesCutAndStraySequences) {
  for (const std::string_view text : {"\xc3", "\xe2\x82", "\xf0\x9f\x98", "\x80", "\xbf", "a\xc3z", "\xff"}) {
    EXPECT_FALSE(count_code_points(text)) << in_quotes(text);
  }
}

TEST(Utf8Test, KnowsTheControlCharacters) {
  EXPECT_TRUE(is_control(0) && is_control(0x1f) && is_control(0x7f) && is_control(0x80) && is_control(0x9f));
  EXPECT_FALSE(is_control(0x20) || is_control(0x7e) || is_control(0xa0));
}

TEST(Utf8Test, NamesTheControlCharacterItRefuses) {
  const Error error = thrown_error([] {
    check_text("a\nb", "the value");
    return 0;
  });
  EXPECT_EQ(error.code(), Errc::malformed_input);
  EXPECT_STREQ(error.what(), "the value 'a\\x0ab' holds the control character U+000A");
}

TEST(QuoteTest, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(in_quotes("a\x1b[2J"), "'a\\x1b[2J'");
  EXPECT_EQ(in_quotes(std::string_view("\0\n", 2)), "'\\x00\\x0a'");
  EXPECT_EQ(in_quotes("\xc2\x9b"), "'\\x9b'");
  EXPECT_EQ(in_quotes("a\u202eb\u2028"), "'a\\u{202e}b\\u{2028}'");
}

TEST(QuoteTest, EscapesWhatCannotBeSeen) {
  EXPECT_EQ(in_quotes("\u00ad\u200b\u200d\u2060\ufeff"), "'\\xad\\u{200b}\\u{200d}\\u{2060}\\u{feff}'");
  EXPECT_EQ(in_quotes("\U000e0041"), "'\\u{e0041}'");
}

TEST(QuoteTest, EscapesOctetsThatAreNoUtf8) { EXPECT_EQ(in_quotes("ü\xff"), "'ü\\xff'"); }

TEST(QuoteTest, CutsLongText) { EXPECT_EQ(in_quotes(std::string(5000, 'x')), "'" + std::string(200, 'x') + "…'"); }

TEST(QuoteTest, MakesOneWordForAShell) {
  EXPECT_EQ(shell_word("dns:web-01.example"), "dns:web-01.example");
  EXPECT_EQ(shell_word("dns:*.example"), "'dns:*.example'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(NearestTest, FindsATypo) {
  EXPECT_EQ(nearest("commonNane", {"countryName", "commonName"}), "commonName");
  EXPECT_EQ(nearest("serverAuht", {"serverAuth", "clientAuth"}), "serverAuth");
  EXPECT_EQ(nearest("ONE", {"two", "oen"}), "oen");
}

TEST(NearestTest, KeepsSilentWhereNothingIsNear) {
  EXPECT_FALSE(nearest("banana", {"CN", "commonName"}));
  EXPECT_FALSE(nearest("X", {"C", "O"}));
  EXPECT_FALSE(nearest("", {"C"}));
  EXPECT_FALSE(nearest(std::string(1000, 'a'), {"CN"}));
}

TEST(NearestTest, PrefersTheFirstAmongEquals) { EXPECT_EQ(nearest("CM", {"CN", "C"}), "CN"); }

TEST(AsciiTest, SplitsIntoEveryPiece) {
  EXPECT_THAT(split("a,,b ", ','), ElementsAre("a", "", "b "));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(AsciiTest, ReadsDecimalDigitsOnly) {
  EXPECT_EQ(parse_decimal("17", 17), 17U);
  for (const std::string_view text : {"", "18", "-1", "+1", " 1", "1 ", "1a", "99999999999999999999"}) {
    EXPECT_FALSE(parse_decimal(text, 17)) << text;
  }
}

}  // namespace
}  // namespace p11csr::model
