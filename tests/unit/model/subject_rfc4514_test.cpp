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

/// shape writes the RDNs in encoding order: "C=DE | O=x | CN=a & UID=b".
std::string shape(const Subject& subject) {
  std::string result;
  for (const auto& rdn : subject.rdns()) {
    if (!result.empty()) result += " | ";
    for (const auto& attribute : rdn) {
      if (&attribute != &rdn.front()) result += " & ";
      result += attribute_name(attribute.type) + "=" + attribute.value;
    }
  }
  return result;
}

std::string value_of(std::string_view text) { return Subject::parse(text).rdns().at(0).at(0).value; }

TEST(SubjectRfc4514Test, GivesTheEmptySubjectForNoText) { EXPECT_TRUE(Subject::parse("").empty()); }

TEST(SubjectRfc4514Test, EncodesTheFirstRdnLast) {
  EXPECT_EQ(shape(Subject::parse("CN=web-01,O=Example,C=DE")), "C=DE | O=Example | CN=web-01");
}

TEST(SubjectRfc4514Test, KeepsTheOrderInsideAMultiValuedRdn) {
  EXPECT_EQ(shape(Subject::parse("CN=a+UID=b,O=x")), "O=x | CN=a & UID=b");
}

TEST(SubjectRfc4514Test, ToleratesSpacesAroundSeparators) {
  EXPECT_EQ(shape(Subject::parse("  CN = web 01 , O= Example + OU =x  ")), "O=Example & OU=x | CN=web 01");
}

TEST(SubjectRfc4514Test, KeepsACommaInsideAValue) { EXPECT_EQ(value_of("O=Example\\, Inc."), "Example, Inc."); }

TEST(SubjectRfc4514Test, ReadsEveryEscapedCharacter) {
  EXPECT_EQ(value_of(R"(CN=\ \"\#\+\,\;\<\=\>\\\ )"), " \"#+,;<=>\\ ");
}

TEST(SubjectRfc4514Test, ReadsHexadecimalPairsAsUtf8) {
  EXPECT_EQ(value_of("CN=Lu\\C4\\8di\\c4\\87"), "Lučić");
  EXPECT_EQ(value_of("CN=a\\2Cb"), "a,b");
}

TEST(SubjectRfc4514Test, KeepsEscapedSpacesAtTheEnds) { EXPECT_EQ(value_of("CN=  \\  a \\  ,O=x").size(), 1U); }

TEST(SubjectRfc4514Test, LeavesAnEqualsSignInsideAValueAlone) { EXPECT_EQ(value_of("CN=a=b"), "a=b"); }

TEST(SubjectRfc4514Test, ReadsAHexadecimalValueOfThreeStringTypes) {
  EXPECT_EQ(value_of("CN=#0c03615f63"), "a_c");
  EXPECT_EQ(value_of("CN= #1303616263 ,O=x"), "x");
  EXPECT_EQ(value_of("CN=#1303616263"), "abc");
  EXPECT_EQ(value_of("DC=#1603616263"), "abc");
  EXPECT_EQ(value_of("2.5.4.97=#0C02C3BC"), "ü");
}

TEST(SubjectRfc4514Test, RefusesAHexadecimalValueOfAnotherTypeThanIsWritten) {
  for (const std::string_view text : {"CN=#0c0161", "CN=#160161", "DC=#130161", "emailAddress=#0c0161"}) {
    EXPECT_THAT(refusal(text).what(), HasSubstr("string type")) << text;
  }
}

TEST(SubjectRfc4514Test, ReadsAHexadecimalValueWithALongLength) {
  std::string text = "description=#0c8180";
  for (int i = 0; i < 0x80; ++i) text += "5f";
  EXPECT_EQ(value_of(text), std::string(0x80, '_'));
}

TEST(SubjectRfc4514Test, RefusesAHexadecimalValueThatIsNotDerText) {
  for (const std::string_view text :
       {"CN=#",       "CN=#0c",       "CN=#0cz1",       "CN=#0c0",    "CN=#0c0361",   "CN=#0c0161ff", "CN=#0c810161",
        "CN=#0c8061", "CN=#0c820001", "CN=#0c83000161", "CN=#0cff61", "CN=#0c81",     "CN=#0201ff",   "CN=#1401ff",
        "CN=#130140", "CN=#1601ff",   "CN=#0c01ff",     "CN=#0c00",   "CN=#1e020041", "CN=#0c0161 x"}) {
    refusal(text);
  }
}

TEST(SubjectRfc4514Test, RefusesControlCharactersHoweverWritten) {
  EXPECT_THAT(refusal("CN=a\\00b").what(), HasSubstr("U+0000"));
  EXPECT_THAT(refusal("CN=a\\0Ab").what(), HasSubstr("U+000A"));
  EXPECT_THAT(refusal("CN=a\nb").what(), HasSubstr("U+000A"));
  EXPECT_THAT(refusal(std::string_view("CN=a\0b", 6)).what(), HasSubstr("U+0000"));
  EXPECT_THAT(refusal("CN=a\\7fb").what(), HasSubstr("U+007F"));
  EXPECT_THAT(refusal("CN=a\\c2\\85b").what(), HasSubstr("U+0085"));
  EXPECT_THAT(refusal("CN=#0c03610a62").what(), HasSubstr("U+000A"));
}

TEST(SubjectRfc4514Test, RefusesWhatIsNotUtf8) {
  EXPECT_THAT(refusal("CN=a\\ff").what(), HasSubstr("not UTF-8"));
  EXPECT_THAT(refusal("CN=\\c0\\80").what(), HasSubstr("not UTF-8"));
  EXPECT_THAT(refusal("CN=\\ed\\a0\\80").what(), HasSubstr("not UTF-8"));
}

TEST(SubjectRfc4514Test, SaysHowToEscapeACommaInAValue) {
  const Error error = refusal("O=Example, Inc.,C=DE");
  EXPECT_STREQ(error.what(), "'Inc.' behind a ',' in the subject is not TYPE=VALUE");
  EXPECT_THAT(error.hint(), HasSubstr("'\\,'"));
}

TEST(SubjectRfc4514Test, SaysHowToEscapeAPlusSignInAValue) {
  EXPECT_THAT(refusal("CN=C++").hint(), HasSubstr("'\\+'"));
}

TEST(SubjectRfc4514Test, RefusesQuotationMarks) {
  EXPECT_THAT(refusal("O=\"Example, Inc.\",C=DE").hint(), HasSubstr("not quoted"));
  EXPECT_THAT(refusal("O=a\"b").what(), HasSubstr("unescaped '\"'"));
}

TEST(SubjectRfc4514Test, RefusesASemicolonAndNamesTheComma) {
  EXPECT_THAT(refusal("CN=a;O=b").hint(), HasSubstr("separate with ','"));
}

TEST(SubjectRfc4514Test, RefusesUnescapedAngleBrackets) { EXPECT_THAT(refusal("CN=<a>").hint(), HasSubstr("'\\<'")); }

TEST(SubjectRfc4514Test, RefusesABackslashThatEscapesNothing) {
  for (const std::string_view text : {"CN=a\\", "CN=a\\x", "CN=a\\4", "CN=a\\4g", "CN=a\\n"}) {
    EXPECT_THAT(refusal(text).what(), HasSubstr("escapes nothing")) << text;
  }
}

TEST(SubjectRfc4514Test, RefusesSeparatorsWithNothingBehind) {
  for (const std::string_view text : {"CN=a,", "CN=a+", "CN=a, ", "CN=a,,O=b", "CN=a,+O=b"}) refusal(text);
}

TEST(SubjectRfc4514Test, RefusesEmptyValues) {
  for (const std::string_view text : {"CN=", "CN= ", "CN=,O=b", "CN=+O=b"}) {
    EXPECT_THAT(refusal(text).what(), HasSubstr("no value")) << text;
  }
}

TEST(SubjectRfc4514Test, RefusesTextWithoutATypeAtItsBeginning) {
  for (const std::string_view text : {"web-01", " ", ",", "=a", "+", ",CN=a"}) {
    EXPECT_THAT(refusal(text).what(), HasSubstr("does not begin with TYPE=VALUE")) << text;
  }
}

TEST(SubjectRfc4514Test, RefusesOnePairTwiceInAnRdn) {
  EXPECT_THAT(refusal("CN=a+OU=b+CN=a").what(), HasSubstr("twice"));
  EXPECT_EQ(shape(Subject::parse("DC=a+DC=b")), "DC=a & DC=b");
}

}  // namespace
}  // namespace p11csr
