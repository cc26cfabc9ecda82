#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/x509/description.hpp>
#include <p11csr/x509/request_source.hpp>

#include "unit/crypto/error_of.hpp"
#include "unit/x509/forged_request.hpp"
#include "unit/x509/vectors.hpp"

namespace p11csr::x509 {
namespace {

using test::error_of;
using test::ForgedRequest;
using test::tlv;
using testing::ElementsAre;
using testing::HasSubstr;
namespace vectors = test::vectors;

constexpr const char* common_name = "2.5.4.3";
constexpr const char* subject_alt_name = "2.5.29.17";
constexpr const char* key_usage = "2.5.29.15";

RequestSource content(std::string_view pem) { return content_of_document(as_bytes(pem), {}); }
RequestSource content(ForgedRequest& forged) { return content_of_document(forged.der(), {}); }

std::vector<std::string> names_of(const RequestSource& source) {
  std::vector<std::string> names;
  for (const auto& name : source.extensions.subject_alt_names) names.push_back(to_string(name));
  return names;
}

TEST(ContentOfDocumentTest, KeepsTheSubjectsValuesAndOrder) {
  EXPECT_EQ(content(vectors::full_request).subject.to_string(),
            "emailAddress=a@example.org,CN=web-01+UID=w1,DC=example,O=Müller\\, Söhne,C=DE");
}
TEST(ContentOfDocumentTest, TakesEveryKindOfName) {
  EXPECT_THAT(names_of(content(vectors::full_request)),
              ElementsAre("dns:web-01.example", "dns:*.example.org", "ip:192.0.2.1", "ip:2001:db8::1",
                          "email:a@example.org", "uri:https://example.org/x?y=1", "upn:user@example.org"));
}
TEST(ContentOfDocumentTest, TakesTheExtensionsThatTheModelHasTypesFor) {
  const ExtensionRequest taken = content(vectors::full_request).extensions;
  ASSERT_TRUE(taken.key_usage && taken.extended_key_usage && taken.basic_constraints);
  EXPECT_THAT(taken.key_usage->bits(), ElementsAre(KeyUsageBit::digital_signature, KeyUsageBit::key_cert_sign));
  EXPECT_THAT(taken.extended_key_usage->purposes(),
              ElementsAre(Oid::parse("1.3.6.1.5.5.7.3.1"), Oid::parse("1.2.3.4")));
  EXPECT_EQ(taken.basic_constraints->path_length, 3U);
}
TEST(ContentOfDocumentTest, TakesAnotherExtensionAsItsOctets) {
  const ExtensionRequest taken = content(vectors::full_request).extensions;
  ASSERT_EQ(taken.raw.size(), 1U);
  EXPECT_EQ(taken.raw[0].oid.dotted(), "1.3.6.1.5.5.7.1.24");
  EXPECT_TRUE(taken.raw[0].critical);
  EXPECT_EQ(to_hex(taken.raw[0].der), "3003020105");
}
TEST(ContentOfDocumentTest, KeepsWhetherAnExtensionIsCritical) {
  ForgedRequest forged;
  forged.add_extensions({{key_usage, tlv(0x03, "\x07\x80")}});
  EXPECT_EQ(content(forged).extensions.key_usage_critical, false);
}
TEST(ContentOfDocumentTest, KeepsAKeyUsageThatTheModelDoesNotHoldAsItsOctets) {
  ForgedRequest forged;
  forged.add_extensions({{key_usage, tlv(0x03, std::string_view("\x00", 1)), true}});
  const ExtensionRequest taken = content(forged).extensions;
  EXPECT_FALSE(taken.key_usage);
  ASSERT_EQ(taken.raw.size(), 1U);
  EXPECT_TRUE(taken.raw[0].critical);
}
TEST(ContentOfDocumentTest, LeavesTheIssuersExtensionsOfACertificateOut) {
  const RequestSource source = content(vectors::leaf_certificate);
  EXPECT_THAT(source.left_out, testing::Contains(HasSubstr("cRLDistributionPoints (2.5.29.31)")));
  for (const auto& raw : source.extensions.raw) EXPECT_NE(raw.oid.dotted(), "2.5.29.31");
}
TEST(ContentOfDocumentTest, TakesPoliciesThatARequestAsksFor) {
  ForgedRequest forged;
  forged.add_extensions({{"2.5.29.32", tlv(0x30, "")}});
  EXPECT_EQ(content(forged).extensions.raw.size(), 1U);
}
TEST(ContentOfDocumentTest, LeavesOutNamesOfUnsupportedKindsWithALine) {
  ForgedRequest forged;
  forged.add_extensions(
      {{subject_alt_name, tlv(0x30, as_text(tlv(0xa5, as_text(tlv(0xa1, as_text(tlv(0x0c, "x")))))))}});
  const RequestSource source = content(forged);
  EXPECT_TRUE(source.extensions.subject_alt_names.empty());
  EXPECT_THAT(source.left_out, ElementsAre(HasSubstr("'ediparty:#")));
}
TEST(ContentOfDocumentTest, RefusesANameThatHoldsANul) {
  ForgedRequest forged;
  forged.add_extensions(
      {{subject_alt_name, tlv(0x30, as_text(tlv(0x82, std::string_view("good.example\0.evil", 18))))}});
  const Error error = error_of([&] { return content(forged); });
  EXPECT_EQ(error.code(), Errc::malformed_input);
  EXPECT_THAT(error.hint(), HasSubstr("--san"));
}
TEST(ContentOfDocumentTest, RefusesAnIpAddressOfFiveOctets) {
  ForgedRequest forged;
  forged.add_extensions({{subject_alt_name, tlv(0x30, as_text(tlv(0x87, "12345")))}});
  EXPECT_EQ(error_of([&] { return content(forged); }).code(), Errc::malformed_input);
}
TEST(ContentOfDocumentTest, RefusesABmpStringWithASubjectToPaste) {
  ForgedRequest forged;
  forged.add_name(common_name, V_ASN1_BMPSTRING, std::string_view("\0M\0\xfc", 4));
  const Error error = error_of([&] { return content(forged); });
  EXPECT_EQ(error.code(), Errc::malformed_input);
  EXPECT_THAT(error.what(), HasSubstr("CN 'Mü' is of type BMPSTRING"));
  EXPECT_THAT(error.hint(), HasSubstr("CN=Mü"));
}
TEST(ContentOfDocumentTest, RefusesControlCharactersInTheSubject) {
  ForgedRequest forged;
  forged.add_name(common_name, V_ASN1_UTF8STRING, "a\n,CN=b");
  EXPECT_THAT(error_of([&] { return content(forged); }).what(), HasSubstr("the subject's CN"));
}
TEST(ContentOfDocumentTest, RefusesAValueThatIsTooLong) {
  ForgedRequest forged;
  forged.add_name(common_name, V_ASN1_UTF8STRING, std::string(65, 'a'));
  EXPECT_THAT(error_of([&] { return content(forged); }).what(), HasSubstr("65 characters"));
}
TEST(ContentOfDocumentTest, DoesNotJudgeASubjectThatIsReplaced) {
  ForgedRequest forged;
  forged.add_name(common_name, V_ASN1_BMPSTRING, std::string_view("\0M", 2));
  EXPECT_TRUE(content_of_document(forged.der(), {true, false, {}}).subject.empty());
}
TEST(ContentOfDocumentTest, DoesNotReadAnExtensionThatIsReplaced) {
  ForgedRequest forged;
  forged.add_extensions({{key_usage, tlv(0x30, "garbage")}});
  EXPECT_FALSE(content_of_document(forged.der(), {false, false, {Oid::parse(key_usage)}}).extensions.key_usage);
}
TEST(ContentOfDocumentTest, RefusesAnExtensionThatIsThereTwice) {
  ForgedRequest forged;
  forged.add_extensions({{key_usage, tlv(0x03, "\x07\x80")}, {key_usage, tlv(0x03, "\x06\x40")}});
  EXPECT_THAT(error_of([&] { return content(forged); }).what(), HasSubstr("twice"));
}
TEST(ContentOfDocumentTest, RefusesAnExtensionRequestThatIsNotWellFormed) {
  ForgedRequest forged;
  forged.add_attribute("1.2.840.113549.1.9.14", V_ASN1_UTF8STRING, as_bytes("garbage"));
  EXPECT_EQ(error_of([&] { return content(forged); }).code(), Errc::malformed_input);
}
TEST(ContentOfDocumentTest, NamesAnAttributeWithoutItsValue) {
  ForgedRequest forged;
  forged.add_attribute("1.2.840.113549.1.9.7", V_ASN1_UTF8STRING, as_bytes("secret-word"));
  const RequestSource source = content(forged);
  EXPECT_THAT(source.left_out, ElementsAre(HasSubstr("challengePassword")));
  EXPECT_THAT(source.left_out, ElementsAre(testing::Not(HasSubstr("secret-word"))));
}
TEST(ContentOfDocumentTest, RefusesARequestWhoseSignatureDoesNotVerify) {
  Bytes der = describe(as_bytes(vectors::full_request)).der;
  der[std::string(as_text(der)).find("web-01")] = 'W';
  EXPECT_EQ(error_of([&] { return content_of_document(der, {}); }).code(), Errc::verification_failed);
}
TEST(ContentOfDocumentTest, RefusesEveryTruncation) {
  const Bytes der = describe(as_bytes(vectors::full_request)).der;
  for (std::size_t size = 0; size < der.size(); ++size) {
    const Error error = error_of([&] { return content_of_document(ByteView(der).first(size), {}); });
    ASSERT_EQ(error.code(), Errc::malformed_input) << size;
  }
}

}  // namespace
}  // namespace p11csr::x509
