#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/x509/certification_request.hpp>

#include "unit/crypto/error_of.hpp"
#include "unit/x509/vectors.hpp"

namespace p11csr::x509 {
namespace {

using testing::HasSubstr;

std::string encoded(ExtensionRequest extensions, RequestAttributes attributes = {}) {
  const Bytes key = from_hex(test::vectors::p256_spki, "the test");
  return to_hex(
      certification_request_info({Subject::parse("CN=a"), std::move(extensions), std::move(attributes)}, key));
}

std::string with_name(std::string_view name) {
  ExtensionRequest extensions;
  extensions.subject_alt_names.push_back(parse_general_name(name));
  return encoded(std::move(extensions));
}

// Expected octets were written by hand from the ASN.1 of each structure.
TEST(EnrollmentExtensionsTest, ATemplateNameIsABmpString) {
  ExtensionRequest extensions;
  extensions.certificate_template = parse_certificate_template("Wé");
  EXPECT_THAT(encoded(extensions), HasSubstr("06092b0601040182371402"
                                             "0406"
                                             "1e04005700e9"));
}

TEST(EnrollmentExtensionsTest, ATemplateOidHasItsVersion) {
  ExtensionRequest extensions;
  extensions.certificate_template = parse_certificate_template("1.2.3:100:4");
  EXPECT_THAT(encoded(extensions), HasSubstr("06092b0601040182371507"
                                             "040c"
                                             "300a"
                                             "06022a03"
                                             "020164"
                                             "020104"));
  extensions.certificate_template = parse_certificate_template("1.2.3");
  EXPECT_THAT(encoded(extensions), HasSubstr("06092b0601040182371507"
                                             "0406"
                                             "3004"
                                             "06022a03"));
}

TEST(EnrollmentExtensionsTest, ASecurityIdentifierIsAnOtherNameOfOctets) {
  ExtensionRequest extensions;
  extensions.security_identifier = SecurityIdentifier::parse("S-1-5-18");
  EXPECT_THAT(encoded(extensions), HasSubstr("06092b0601040182371902"
                                             "041c"
                                             "301a"
                                             "a018"
                                             "060a2b060104018237190201"
                                             "a00a"
                                             "0408"
                                             "532d312d352d3138"));
}

TEST(EnrollmentExtensionsTest, TlsFeaturesAreASequenceOfNumbers) {
  ExtensionRequest extensions;
  extensions.tls_features = TlsFeatures::parse("status_request,17");
  EXPECT_THAT(encoded(extensions), HasSubstr("06082b06010505070118"
                                             "0408"
                                             "3006"
                                             "020105"
                                             "020111"));
}

TEST(EnrollmentExtensionsTest, PoliciesKeepTheirOrderAndTheirStatement) {
  ExtensionRequest extensions;
  extensions.policies = {CertificatePolicy::parse("1.2.4,cps=a:b"), CertificatePolicy::parse("1.2.3")};
  EXPECT_THAT(encoded(extensions), HasSubstr("0603551d20"
                                             "0421"
                                             "301f"
                                             "3017"
                                             "06022a04"
                                             "3011"
                                             "300f"
                                             "06082b06010505070201"
                                             "1603613a62"
                                             "3004"
                                             "06022a03"));
}

TEST(GeneralNamesEncodingTest, HaveEveryKind) {
  EXPECT_THAT(with_name("rid:1.2.3"), HasSubstr("3004"
                                                "88022a03"));
  EXPECT_THAT(with_name("dirname:CN=b"), HasSubstr("a40e300c310a3008"
                                                   "0603550403"
                                                   "130162"));
  EXPECT_THAT(with_name("othername:1.2.3;UTF8:ä"), HasSubstr("a00a"
                                                             "06022a03"
                                                             "a004"
                                                             "0c02c3a4"));
  EXPECT_THAT(with_name("othername:1.2.3;IA5:a"), HasSubstr("a009"
                                                            "06022a03"
                                                            "a003"
                                                            "160161"));
  EXPECT_THAT(with_name("othername:1.2.3;HEX:020105"), HasSubstr("a009"
                                                                 "06022a03"
                                                                 "a003"
                                                                 "020105"));
}

TEST(GeneralNamesEncodingTest, RefuseAnOtherNameThatIsNoDer) {
  for (const char* name : {"othername:1.2.3;HEX:0201", "othername:1.2.3;HEX:02010505", "othername:1.2.3;HEX:0c02"})
    EXPECT_EQ(test::error_of([&] { return with_name(name); }).code(), Errc::malformed_input) << name;
}

TEST(RequestAttributesEncodingTest, ChoosesTheStringTypeOfEach) {
  EXPECT_THAT(encoded({}, {"web 1", Secret::from_text("Pass word")}), AllOf(HasSubstr("06092a864886f70d010902"
                                                                                      "3107"
                                                                                      "1605"
                                                                                      "7765622031"),
                                                                            HasSubstr("06092a864886f70d010907"
                                                                                      "310b"
                                                                                      "1309"
                                                                                      "5061737320776f7264")));
  EXPECT_THAT(encoded({}, {"ü", Secret::from_text("p@ss")}), AllOf(HasSubstr("06092a864886f70d010902"
                                                                             "3104"
                                                                             "0c02c3bc"),
                                                                   HasSubstr("06092a864886f70d010907"
                                                                             "3106"
                                                                             "0c04"
                                                                             "70407373")));
}

}  // namespace
}  // namespace p11csr::x509
