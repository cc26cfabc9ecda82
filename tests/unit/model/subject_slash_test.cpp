#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/model/subject.hpp>

#include "unit/model/thrown_error.hpp"

namespace p11csr {
namespace {

using test::thrown_error;
using testing::HasSubstr;

Error refusal(std::string_view text) {
  Error error = thrown_error([&] { return Subject::parse(text); });
  EXPECT_EQ(error.code(), Errc::malformed_input) << text;
  return error;
}

std::string value_of(std::string_view text) { return Subject::parse(text).rdns().at(0).at(0).value; }

TEST(SubjectSlashTest, EncodesAsWritten) {
  EXPECT_EQ(Subject::parse("/C=DE/O=Example/CN=web-01"), Subject::parse("CN=web-01,O=Example,C=DE"));
}

TEST(SubjectSlashTest, JoinsAMultiValuedRdnWithPlus) {
  EXPECT_EQ(Subject::parse("/O=x/CN=a+UID=b"), Subject::parse("CN=a+UID=b,O=x"));
}

TEST(SubjectSlashTest, LeavesCommasAndEqualsSignsAlone) {
  EXPECT_EQ(value_of("/O=Example, Inc.; \"x\"=<y>#"), "Example, Inc.; \"x\"=<y>#");
}

TEST(SubjectSlashTest, ReadsEscapedMarks) { EXPECT_EQ(value_of("/CN=a\\/b\\\\c\\+d\\=\\ "), "a/b\\c+d= "); }

TEST(SubjectSlashTest, SaysHowToEscapeASlashInAValue) {
  const Error error = refusal("/CN=a/b");
  EXPECT_STREQ(error.what(), "'b' behind a '/' in the subject is not TYPE=VALUE");
  EXPECT_THAT(error.hint(), HasSubstr("'\\/'"));
  EXPECT_THAT(refusal("/CN=http://x/CN=b").hint(), HasSubstr("'\\/'"));
  EXPECT_THAT(refusal("/CN=a/zzzzz=b").hint(), HasSubstr("'\\/'"));
}

TEST(SubjectSlashTest, SaysHowToEscapeAPlusSignInAValue) {
  EXPECT_THAT(refusal("/CN=a+b/O=x").hint(), HasSubstr("'\\+'"));
}

TEST(SubjectSlashTest, RefusesEmptyPieces) {
  for (const std::string_view text :
       {"/", "//", "/CN=a/", "/CN=a//O=b", "/CN=a+", "/+CN=a", "/=a", "/CN=", "/CN=/O=a"}) {
    refusal(text);
  }
}

TEST(SubjectSlashTest, RefusesABackslashThatEscapesNothing) {
  for (const std::string_view text : {"/CN=a\\", "/CN=a\\n", "/CN=a\\41", "/CN=a\\\n", "/CN=\\ü"}) {
    EXPECT_THAT(refusal(text).what(), HasSubstr("escapes nothing")) << text;
  }
}

TEST(SubjectSlashTest, RefusesControlCharacters) {
  EXPECT_THAT(refusal("/CN=a\nb").what(), HasSubstr("U+000A"));
  EXPECT_THAT(refusal(std::string_view("/CN=a\0b", 7)).what(), HasSubstr("U+0000"));
}

}  // namespace
}  // namespace p11csr
