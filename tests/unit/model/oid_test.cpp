#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/model/oid.hpp>

#include "unit/model/thrown_error.hpp"

namespace p11csr {
namespace {

using test::thrown_error;
using testing::HasSubstr;

TEST(OidTest, KeepsTheDottedForm) {
  for (const std::string_view dotted : {"0.0", "1.39", "2.5.4.3", "2.999.1", "1.2.840.113549.1.1.1", "2.25.0"}) {
    EXPECT_EQ(Oid::parse(dotted).dotted(), dotted);
  }
}

TEST(OidTest, TakesArcsOfSixtyFourBits) {
  EXPECT_EQ(Oid::parse("2.18446744073709551615").dotted(), "2.18446744073709551615");
  EXPECT_EQ(Oid::parse("2.25.340282366920938463463374607431768211455").dotted(),
            "2.25.340282366920938463463374607431768211455");
  const Error error = thrown_error([] { return Oid::parse("2.25.1000000000000000000000000000000000000000"); });
  EXPECT_THAT(error.what(), HasSubstr("above 2^128"));
}

TEST(OidTest, RefusesWhatIsNotDotted) {
  for (const std::string_view dotted :
       {"", ".", "1", "1.", ".1", "1..2", "1.2.", "a.b", "1.2 ", " 1.2", "1.-2", "+1.2", "1.2.x", "1,2", "1.2\n"}) {
    EXPECT_EQ(thrown_error([&] { return Oid::parse(dotted); }).code(), Errc::malformed_input) << dotted;
  }
}

TEST(OidTest, RefusesArcsThatCannotBeEncoded) {
  for (const std::string_view dotted : {"3.1", "0.40", "1.40"}) {
    EXPECT_EQ(thrown_error([&] { return Oid::parse(dotted); }).code(), Errc::malformed_input) << dotted;
  }
}

TEST(OidTest, RefusesLeadingZeros) {
  for (const std::string_view dotted : {"2.05.4", "02.5", "1.2.00"}) {
    EXPECT_THAT(thrown_error([&] { return Oid::parse(dotted); }).what(), HasSubstr("leading zero")) << dotted;
  }
}

TEST(OidTest, QuotesTheTextEscaped) {
  EXPECT_THAT(thrown_error([] { return Oid::parse("1.\x1b[2J"); }).what(), HasSubstr("'1.\\x1b[2J'"));
}

TEST(OidTest, ComparesByValue) {
  EXPECT_EQ(Oid::parse("2.5.4.3"), Oid::parse("2.5.4.3"));
  EXPECT_NE(Oid::parse("2.5.4.3"), Oid::parse("2.5.4.30"));
}

}  // namespace
}  // namespace p11csr
