#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/model/microsoft.hpp>

#include "unit/model/thrown_error.hpp"

namespace p11csr {
namespace {

using test::thrown_error;

TEST(CertificateTemplateTest, IsNamedByNameOrByOidWithItsVersion) {
  for (const std::string_view text :
       {"WebServer", "Öffentlich 2", "1.3.6.1.4.1.311.21.8.1.2", "1.2.3:100", "1.2.3:0:4294967295"})
    EXPECT_EQ(to_string(parse_certificate_template(text)), text);
  EXPECT_TRUE(std::holds_alternative<CertificateTemplateName>(parse_certificate_template("802dot1x")));
  EXPECT_TRUE(std::holds_alternative<CertificateTemplateOid>(parse_certificate_template("1.2.3")));
}

TEST(CertificateTemplateTest, RefusesWhatNeitherFormHolds) {
  for (const std::string_view text : {"", "a\nb", "1.2.3:", "1.2.3:1:", "1.2.3:-1", "1.2.3:4294967296", "1.2.3:1:2:3",
                                      "1.2.x:1", "\xf0\x9f\x94\x91", "\xff"})
    EXPECT_EQ(thrown_error([&] { return parse_certificate_template(text); }).code(), Errc::malformed_input) << text;
}

TEST(SecurityIdentifierTest, IsKeptAsWritten) {
  const auto sid = SecurityIdentifier::parse("S-1-5-21-1004336348-1177238915-682003330-512");
  EXPECT_EQ(sid.text(), "S-1-5-21-1004336348-1177238915-682003330-512");
  EXPECT_EQ(sid.uri(), "tag:microsoft.com,2022-09-14:sid:S-1-5-21-1004336348-1177238915-682003330-512");
}

TEST(SecurityIdentifierTest, RefusesWhatIsNoSid) {
  for (const std::string_view text :
       {"", "S", "S-1-5", "s-1-5-21", "S-2-5-21", "S-1-5-", "S-1-5-21-", "S-1-5--21", "S-1-5-021", "S-1-5-4294967296",
        "S-1-5-21 ", "S-1-5-21-x", "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16"})
    EXPECT_EQ(thrown_error([&] { return SecurityIdentifier::parse(text); }).code(), Errc::malformed_input) << text;
}

}  // namespace
}  // namespace p11csr
