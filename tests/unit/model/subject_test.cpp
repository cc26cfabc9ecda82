#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/model/subject.hpp>

#include "unit/model/thrown_error.hpp"

namespace p11csr {
namespace {

using test::thrown_error;
using testing::HasSubstr;

Error refusal(const std::string& text) {
  Error error = thrown_error([&] { return Subject::parse(text); });
  EXPECT_EQ(error.code(), Errc::malformed_input) << text;
  return error;
}

AttributeTypeAndValue attribute(std::string_view oid, std::string value) { return {Oid::parse(oid), std::move(value)}; }

std::string times(int count, std::string_view piece) {
  std::string result;
  for (int i = 0; i < count; ++i) result += piece;
  return result;
}

TEST(SubjectTest, ReadsShortAndLongNamesInAnyCase) {
  const Subject expected({{attribute("2.5.4.3", "x")}});
  for (const std::string_view text : {"CN=x", "cn=x", "commonName=x", "COMMONNAME=x", "2.5.4.3=x", "OID.2.5.4.3=x"}) {
    EXPECT_EQ(Subject::parse(text), expected) << text;
  }
}

TEST(SubjectTest, KnowsTheUsualTypes) {
  const std::pair<std::string_view, std::string_view> types[] = {
      {"surname", "2.5.4.4"},
      {"SN", "2.5.4.4"},
      {"serialNumber", "2.5.4.5"},
      {"ST", "2.5.4.8"},
      {"S", "2.5.4.8"},
      {"street", "2.5.4.9"},
      {"T", "2.5.4.12"},
      {"businessCategory", "2.5.4.15"},
      {"postalCode", "2.5.4.17"},
      {"name", "2.5.4.41"},
      {"givenName", "2.5.4.42"},
      {"initials", "2.5.4.43"},
      {"generationQualifier", "2.5.4.44"},
      {"dnQualifier", "2.5.4.46"},
      {"pseudonym", "2.5.4.65"},
      {"organizationIdentifier", "2.5.4.97"},
      {"DC", "0.9.2342.19200300.100.1.25"},
      {"userId", "0.9.2342.19200300.100.1.1"},
      {"E", "1.2.840.113549.1.9.1"},
      {"unstructuredName", "1.2.840.113549.1.9.2"},
      {"jurisdictionL", "1.3.6.1.4.1.311.60.2.1.1"},
      {"jurisdictionST", "1.3.6.1.4.1.311.60.2.1.2"},
  };
  for (const auto& [name, oid] : types) {
    EXPECT_EQ(Subject::parse(std::string(name) + "=x").rdns().at(0).at(0).type.dotted(), oid) << name;
  }
}

TEST(SubjectTest, NamesTheNearestTypeForATypo) {
  const Error error = refusal("comonName=x");
  EXPECT_STREQ(error.what(), "unknown attribute type 'comonName' in the subject");
  EXPECT_EQ(error.hint(), "did you mean 'commonName'?");
}

TEST(SubjectTest, SaysWhatATypeIsWhereNothingIsNear) {
  EXPECT_THAT(refusal("favouriteColour=x").hint(), HasSubstr("dotted object identifier"));
}

TEST(SubjectTest, RefusesAMalformedOid) { EXPECT_THAT(refusal("2.5.04=x").what(), HasSubstr("'2.5.04'")); }

TEST(SubjectTest, CountsTheUpperBoundInCharacters) {
  EXPECT_FALSE(Subject::parse("CN=" + times(64, "ü")).empty());
  EXPECT_THAT(refusal("CN=" + times(65, "ü")).what(), HasSubstr("has 65 characters, 64 is the most"));
}

TEST(SubjectTest, QuotesRfc5280ForItsOwnBoundsOnly) {
  EXPECT_THAT(refusal("CN=" + times(65, "a")).what(), HasSubstr("(RFC 5280, Appendix A)"));
  EXPECT_THAT(refusal("postalCode=" + times(41, "a")).what(), testing::Not(HasSubstr("RFC 5280")));
}

TEST(SubjectTest, KeepsTheUpperBoundsOfRfc5280) {
  const std::pair<std::string, int> bounds[] = {
      {"O", 64},     {"OU", 64},    {"L", 128}, {"ST", 128},           {"title", 64},      {"serialNumber", 64},
      {"SN", 32768}, {"GN", 32768}, {"DC", 63}, {"emailAddress", 255}, {"pseudonym", 128}, {"UID", 256}};
  for (const auto& [name, bound] : bounds) {
    EXPECT_FALSE(Subject::parse(name + "=" + times(bound, "a")).empty()) << name;
    EXPECT_THAT(refusal(name + "=" + times(bound + 1, "a")).what(), HasSubstr("characters")) << name;
  }
}

TEST(SubjectTest, DemandsTwoLettersOfACountry) {
  for (const std::string text : {"C=D", "C=DEU", "C=D1", "C=49", "C=\\C3\\BC", "jurisdictionC=D "}) {
    EXPECT_THAT(refusal(text).what(), HasSubstr("two letters")) << text;
  }
  EXPECT_EQ(Subject::parse("C=de").rdns().at(0).at(0).value, "de");
}

TEST(SubjectTest, DemandsPrintableStringWhereTheTypeDoes) {
  for (const std::string text : {"serialNumber=a_b", "serialNumber=ü", "dnQualifier=a*b"}) {
    EXPECT_THAT(refusal(text).what(), HasSubstr("PrintableString")) << text;
  }
}

TEST(SubjectTest, DemandsAsciiOfDomainComponentAndEmailAddress) {
  EXPECT_THAT(refusal("DC=bücher").what(), HasSubstr("not ASCII"));
  EXPECT_THAT(refusal("emailAddress=jürgen@example.org").what(), HasSubstr("not ASCII"));
}

TEST(SubjectTest, RefusesRdnsThatBreakTheRules) {
  const RelativeDistinguishedName broken[] = {{},
                                              {attribute("2.5.4.3", "")},
                                              {attribute("2.5.4.3", "a\nb")},
                                              {attribute("1.2.3", "\xff")},
                                              {attribute("2.5.4.3", "a"), attribute("2.5.4.3", "a")}};
  for (const auto& rdn : broken) {
    const std::vector<RelativeDistinguishedName> rdns = {rdn};
    EXPECT_EQ(thrown_error([&] { return Subject(rdns); }).code(), Errc::malformed_input);
  }
}

TEST(SubjectTest, EscapesItsQuotesInErrors) { EXPECT_THAT(refusal("CN=a\x1b[2J").what(), HasSubstr("\\x1b[2J")); }

TEST(SubjectTest, GivesTheMostSpecificCommonName) {
  EXPECT_EQ(Subject::parse("/CN=ca/O=x/CN=web-01/OU=y").common_name(), "web-01");
  EXPECT_EQ(Subject::parse("/O=x").common_name(), "");
  EXPECT_EQ(Subject().common_name(), "");
}

TEST(SubjectTest, WritesRfc4514Text) {
  EXPECT_EQ(Subject::parse("/C=DE/O=Example, Inc./CN=a+UID=b").to_string(), "CN=a+UID=b,O=Example\\, Inc.,C=DE");
  EXPECT_EQ(Subject::parse("/CN=\\ #a\\+;\" ").to_string(), "CN=\\ #a\\+\\;\\\"\\ ");
  EXPECT_EQ(Subject::parse("/CN=#a").to_string(), "CN=\\#a");
  EXPECT_EQ(Subject::parse("/1.2.3=x").to_string(), "1.2.3=x");
  EXPECT_EQ(Subject().to_string(), "");
}

TEST(StringTypeTest, PicksPrintableStringWhereTheValueFits) {
  EXPECT_EQ(string_type(attribute("2.5.4.10", "Example (East), no. 1/2: 'a+b'=? -")), StringType::printable);
  EXPECT_EQ(string_type(attribute("2.5.4.6", "DE")), StringType::printable);
}

TEST(StringTypeTest, PicksUtf8StringOtherwise) {
  for (const std::string value : {"ü", "a@b", "a_b", "a*b", "a&b"}) {
    EXPECT_EQ(string_type(attribute("2.5.4.10", value)), StringType::utf8) << value;
  }
}

TEST(StringTypeTest, PicksIa5StringForDomainComponentAndEmailAddress) {
  EXPECT_EQ(string_type(attribute("0.9.2342.19200300.100.1.25", "example")), StringType::ia5);
  EXPECT_EQ(string_type(attribute("1.2.840.113549.1.9.1", "a@b")), StringType::ia5);
}

TEST(AttributeNameTest, GivesTheShortNameOrTheOid) {
  EXPECT_EQ(attribute_name(Oid::parse("2.5.4.3")), "CN");
  EXPECT_EQ(attribute_name(Oid::parse("1.2.3.4")), "1.2.3.4");
}

}  // namespace
}  // namespace p11csr
