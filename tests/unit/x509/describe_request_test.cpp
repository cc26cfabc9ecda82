#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/x509/description.hpp>

#include "unit/x509/vectors.hpp"

namespace p11csr::x509 {
namespace {

using testing::ElementsAre;
namespace vectors = test::vectors;

Description described(std::string_view pem) { return describe(as_bytes(pem)); }

std::vector<std::string> extension_lines(const Description& description) {
  std::vector<std::string> lines;
  for (const auto& extension : description.extensions) {
    lines.push_back(extension.name + (extension.critical ? " critical: " : ": ") + extension.text);
  }
  return lines;
}

TEST(DescribeRequestTest, ShowsTheSubjectAsRfc4514) {
  // The model reads this text back; the multi-valued RDN is in the order of its SET.
  EXPECT_EQ(described(vectors::full_request).subject,
            "emailAddress=a@example.org,CN=web-01+UID=w1,DC=example,O=Müller\\, Söhne,C=DE");
}
TEST(DescribeRequestTest, ShowsTheAlternativeNamesAsTheyAreTyped) {
  EXPECT_THAT(described(vectors::full_request).subject_alt_names,
              ElementsAre("dns:web-01.example", "dns:*.example.org", "ip:192.0.2.1", "ip:2001:db8::1",
                          "email:a@example.org", "uri:https://example.org/x?y=1", "upn:user@example.org"));
}
TEST(DescribeRequestTest, ShowsTheExtensions) {
  EXPECT_THAT(extension_lines(described(vectors::full_request)),
              ElementsAre("subjectAltName: dns:web-01.example\ndns:*.example.org\nip:192.0.2.1\nip:2001:db8::1\n"
                          "email:a@example.org\nuri:https://example.org/x?y=1\nupn:user@example.org",
                          "keyUsage critical: digitalSignature, keyCertSign", "extendedKeyUsage: serverAuth, 1.2.3.4",
                          "basicConstraints critical: ca,pathlen=3", "tlsfeature critical: status_request"));
}
TEST(DescribeRequestTest, ShowsKeySignatureAndVersion) {
  const Description description = described(vectors::full_request);
  EXPECT_EQ(description.kind, DocumentKind::certification_request);
  EXPECT_EQ(description.version, 0);
  EXPECT_EQ(description.key_algorithm, "EC P-256");
  EXPECT_EQ(to_hex(description.subject_public_key_info), vectors::p256_spki);
  EXPECT_EQ(description.signature_algorithm, "ecdsa-with-SHA256");
  EXPECT_EQ(description.verdict, SignatureVerdict::valid);
  EXPECT_EQ(to_hex(description.to_be_signed), vectors::full_request_info);
  EXPECT_TRUE(description.attributes.empty());
}
TEST(DescribeRequestTest, VerifiesAKeyWithExplicitParametersUnderItsCurvesName) {
  const Description description = described(vectors::explicit_curve_request);
  EXPECT_EQ(description.verdict, SignatureVerdict::valid);
  EXPECT_EQ(description.key_algorithm, "EC P-256");
  EXPECT_EQ(to_hex(description.subject_public_key_info), vectors::p256_explicit_spki);
  ASSERT_TRUE(description.key);
  EXPECT_EQ(to_hex(description.key->spki()), vectors::p256_spki);
}
TEST(DescribeRequestTest, VerifiesAnRsaPssKey) {
  const Description description = described(vectors::pss_key_request);
  EXPECT_EQ(description.verdict, SignatureVerdict::valid);
  EXPECT_EQ(description.key_algorithm, "RSA 1024");
  EXPECT_EQ(description.signature_algorithm, "rsassaPss");
}

TEST(DescribeRequestTest, ShowsTheParametersOfRsaPss) {
  const Description description = described(vectors::pss_key_request);
  EXPECT_EQ(description.signature_parameters.digest, "sha256");
  EXPECT_EQ(description.signature_parameters.mgf_digest, "sha256");
  EXPECT_TRUE(description.signature_parameters.salt_length);
  EXPECT_TRUE(description.notes.empty());
}
TEST(DescribeRequestTest, ShowsTheDigestOfOtherSignatures) {
  const Description description = described(vectors::full_request);
  EXPECT_EQ(description.signature_parameters.digest, "sha256");
  EXPECT_EQ(description.signature_parameters.mgf_digest, "");
  EXPECT_FALSE(description.signature_parameters.salt_length);
}
TEST(DescribeRequestTest, NotesThatSha1IsBroken) {
  EXPECT_THAT(described(vectors::sha1_request).notes, ElementsAre(testing::HasSubstr("digest sha1 is broken")));
}

struct Foreign {
  const char* name;
  std::string_view pem;
  const char* key_algorithm;
  const char* signature_algorithm;
  bool has_key;
};
void PrintTo(const Foreign& f, std::ostream* out) { *out << f.name; }

/// Algorithms that p11csr never signs with are verified by OpenSSL.
class ForeignAlgorithmTest : public testing::TestWithParam<Foreign> {};

TEST_P(ForeignAlgorithmTest, IsNamedAndVerified) {
  const Description description = described(GetParam().pem);
  EXPECT_EQ(description.verdict, SignatureVerdict::valid);
  EXPECT_EQ(description.key_algorithm, GetParam().key_algorithm);
  EXPECT_EQ(description.signature_algorithm, GetParam().signature_algorithm);
  EXPECT_EQ(description.key.has_value(), GetParam().has_key);
}
TEST_P(ForeignAlgorithmTest, IsInvalidWithAnotherSubject) {
  Bytes der = described(GetParam().pem).der;
  const std::string text(as_text(der));
  der[text.find("web-01")] = 'W';
  EXPECT_EQ(describe(der).verdict, SignatureVerdict::invalid);
}

INSTANTIATE_TEST_SUITE_P(
    Each, ForeignAlgorithmTest,
    testing::Values(Foreign{"Sha1", vectors::sha1_request, "RSA 1024", "sha1WithRSAEncryption", true},
                    Foreign{"Dsa", vectors::dsa_request, "dsaEncryption", "dsa_with_SHA256", false},
                    Foreign{"P224", vectors::p224_request, "id-ecPublicKey (secp224r1)", "ecdsa-with-SHA256", false},
                    Foreign{"Rsa512", vectors::rsa512_request, "rsaEncryption (512 bits)", "sha1WithRSAEncryption",
                            false}),
    [](const auto& instance) { return instance.param.name; });

TEST(DescribeCertificateTest, ShowsASelfSignedOne) {
  const Description description = described(vectors::root_certificate);
  EXPECT_EQ(description.kind, DocumentKind::certificate);
  EXPECT_EQ(description.version, 2);
  EXPECT_EQ(description.subject, "CN=Root,C=DE");
  EXPECT_EQ(description.issuer, "CN=Root,C=DE");
  EXPECT_EQ(description.serial_number, "0a1b2c");
  EXPECT_EQ(description.not_before, "2026-11-23T20:36:05Z");
  EXPECT_EQ(description.not_after, "2036-11-20T20:36:05Z");
  EXPECT_EQ(description.verdict, SignatureVerdict::valid);
  EXPECT_THAT(extension_lines(description),
              ElementsAre("basicConstraints critical: ca", "keyUsage critical: keyCertSign, cRLSign",
                          "subjectKeyIdentifier: 1F:69:03:8C:03:E0:DD:09:94:2A:37:A7:42:D7:56:C0:F3:25:6D:B2"));
}
TEST(DescribeCertificateTest, LeavesTheSignatureOfAnotherIssuerUnchecked) {
  const Description description = described(vectors::leaf_certificate);
  EXPECT_EQ(description.verdict, SignatureVerdict::unchecked);
  EXPECT_EQ(description.serial_number, "80ff");
  EXPECT_THAT(description.subject_alt_names, ElementsAre("dns:web-01.example"));
  EXPECT_THAT(extension_lines(description),
              testing::Contains("crlDistributionPoints: Full Name:\n  URI:http://crl.example/root.crl"));
  EXPECT_THAT(extension_lines(description), testing::Contains("basicConstraints critical: end-entity"));
}
TEST(DescribeCertificateTest, FindsAChangedSelfSignedOneInvalid) {
  Bytes der = described(vectors::root_certificate).der;
  der[17] ^= 1;  // in the serial number
  EXPECT_EQ(describe(der).verdict, SignatureVerdict::invalid);
}
TEST(DescribeCertificateTest, FindsTwoDifferentAlgorithmFieldsInvalid) {
  Bytes der = described(vectors::root_certificate).der;
  const std::string oid("\x2a\x86\x48\xce\x3d\x04\x03\x02", 8);
  const auto outer = std::string(as_text(der)).rfind(oid);
  der[outer + 7] = 3;  // ecdsa-with-SHA384
  EXPECT_EQ(describe(der).verdict, SignatureVerdict::invalid);
}

}  // namespace
}  // namespace p11csr::x509
