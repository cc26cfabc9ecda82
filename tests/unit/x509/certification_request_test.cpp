#include <algorithm>
#include <gtest/gtest.h>

#include <p11csr/crypto/public_key.hpp>
#include <p11csr/x509/certification_request.hpp>
#include <p11csr/x509/description.hpp>

#include "unit/crypto/error_of.hpp"
#include "unit/x509/software_signer.hpp"
#include "unit/x509/vectors.hpp"

namespace p11csr::x509 {
namespace {

using test::error_of;
using test::SoftwareSigner;
namespace vectors = test::vectors;

Bytes p256_spki() { return from_hex(vectors::p256_spki, "the test"); }

RequestSpec named(std::string_view subject) { return {Subject::parse(subject), {}}; }

std::string info_hex(const RequestSpec& spec) { return to_hex(certification_request_info(spec, p256_spki())); }

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

ExtensionRequest every_extension() {
  ExtensionRequest request;
  for (const char* name : {"dns:web-01.example", "dns:*.example.org", "ip:192.0.2.1", "ip:2001:db8::1",
                           "email:a@example.org", "uri:https://example.org/x?y=1", "upn:user@example.org"}) {
    request.subject_alt_names.push_back(parse_general_name(name));
  }
  request.key_usage = KeyUsage::parse("digitalSignature,keyCertSign");
  request.extended_key_usage = ExtendedKeyUsage::parse("serverAuth,1.2.3.4");
  request.basic_constraints = BasicConstraints::parse("ca,pathlen=3");
  request.raw.push_back(RawExtension::parse("1.3.6.1.5.5.7.1.24,critical=hex:3003020105"));
  return request;
}

TEST(CertificationRequestInfoTest, IsWhatOpensslReqEncodes) {
  const RequestSpec spec(Subject::parse("/C=DE/O=Müller, Söhne/DC=example/CN=web-01+UID=w1/emailAddress=a@example.org"),
                         every_extension());
  EXPECT_EQ(info_hex(spec), vectors::full_request_info);
}
TEST(CertificationRequestInfoTest, HasEmptyAttributesWithoutExtensions) {
  std::string expected(vectors::bare_request_info);
  const auto utf8_string = expected.find("0c06");  // openssl req was asked for UTF8String
  expected.replace(utf8_string, 2, "13");
  EXPECT_EQ(info_hex(named("CN=web-01")), expected);
}
TEST(CertificationRequestInfoTest, NamesTheCurveOfAnExplicitKey) {
  const Bytes explicit_key = from_hex(vectors::p256_explicit_spki, "the test");
  EXPECT_EQ(certification_request_info(named("CN=a"), explicit_key),
            certification_request_info(named("CN=a"), p256_spki()));
}
TEST(CertificationRequestInfoTest, RefusesAKeyThatIsNone) {
  EXPECT_EQ(error_of([] { return certification_request_info(named("CN=a"), Bytes(10)); }).code(),
            Errc::malformed_input);
}
TEST(CertificationRequestInfoTest, IsTheSameWhereTheKeyComesLater) {
  const auto key = crypto::PublicKey::from_spki(p256_spki());
  for (const RequestSpec& spec : {RequestSpec(Subject::parse("C=DE,O=a,CN=b"), every_extension()), named("CN=a")}) {
    const Bytes before = info_without_key(spec);
    EXPECT_NE(before, certification_request_info(spec, key));
    EXPECT_EQ(info_with_key(before, key), certification_request_info(spec, key));
  }
}
TEST(CertificationRequestInfoTest, TakesNoKeyWhereItIsNone) {
  const auto key = crypto::PublicKey::from_spki(p256_spki());
  EXPECT_EQ(error_of([&] {
              return info_with_key(Bytes{0x30, 0x03, 0x02, 0x01, 0x00}, key);
            }).code(),
            Errc::malformed_input);
}
TEST(CertificationRequestInfoTest, SortsAMultiValuedRdnAsASet) {
  EXPECT_EQ(info_hex(named("CN=a+O=b")), info_hex(named("O=b+CN=a")));
}
TEST(CertificationRequestInfoTest, KeepsTheOrderOfRdns) {
  // RFC 4514 writes the last RDN first.
  EXPECT_TRUE(contains(info_hex(named("CN=a,C=DE")),
                       "310b3009060355040613024445310a3008060355040313"
                       "0161"));
}
TEST(CertificationRequestInfoTest, EncodesACommaInsideAValue) {
  const std::string text = "a, CN=b";
  EXPECT_TRUE(contains(info_hex(named("CN=a\\, CN\\=b")),
                       "3110300e0603550403"
                       "1307" +
                           to_hex(as_bytes(text))));
}

TEST(SubjectAltNameTest, IsCriticalWhenTheSubjectIsEmpty) {
  ExtensionRequest request;
  request.subject_alt_names.push_back(parse_general_name("dns:a.example"));
  EXPECT_TRUE(contains(info_hex({Subject(), request}), "0603551d110101ff040d300b8209612e6578616d706c65"));
  EXPECT_TRUE(contains(info_hex({Subject::parse("CN=a"), request}), "0603551d11040d300b8209612e6578616d706c65"));
}

std::string info_with(const ExtensionRequest& request) { return info_hex({Subject::parse("CN=a"), request}); }

TEST(BasicConstraintsTest, IsAnEmptySequenceForAnEndEntity) {
  ExtensionRequest request;
  request.basic_constraints = BasicConstraints::parse("ca:false");
  EXPECT_TRUE(contains(info_with(request), "300c0603551d130101ff04023000"));
}
TEST(BasicConstraintsTest, KeepsAPathLengthOfZero) {
  ExtensionRequest request;
  request.basic_constraints = BasicConstraints::parse("ca,pathlen=0");
  EXPECT_TRUE(contains(info_with(request), "0603551d130101ff040830060101ff020100"));
}
TEST(KeyUsageTest, TrimsTrailingZeroBits) {
  ExtensionRequest request;
  request.key_usage = KeyUsage::parse("keyCertSign,cRLSign");
  EXPECT_TRUE(contains(info_with(request), "0603551d0f0101ff040403020106"));
}
TEST(KeyUsageTest, ReachesTheNinthBit) {
  ExtensionRequest request;
  request.key_usage = KeyUsage::parse("keyAgreement,decipherOnly");
  EXPECT_TRUE(contains(info_with(request), "0603551d0f0101ff04050303070880"));
}

Error refusal_of_raw(std::string_view text) {
  ExtensionRequest request;
  request.raw.push_back(RawExtension::parse(text));
  const RequestSpec spec(Subject::parse("CN=a"), request);
  return error_of([&] {
    check_encodable(spec);
    return 0;
  });
}

TEST(RawExtensionTest, TakesDerAsItIs) {
  ExtensionRequest request;
  request.raw.push_back(RawExtension::parse("1.2.3.4=hex:0c0161"));
  EXPECT_TRUE(contains(info_with(request), "300a06032a030404030c0161"));
}
TEST(RawExtensionTest, EncodesAsn1Text) {
  ExtensionRequest request;
  request.raw.push_back(RawExtension::parse("1.2.3.4,critical=asn1:UTF8String:a, b"));
  EXPECT_TRUE(contains(info_with(request), "301006032a03040101ff04060c04612c2062"));
}
TEST(RawExtensionTest, ReadsAsn1TextAsUtf8) {
  struct Case {
    const char* text;
    const char* value;  // DER
  };
  for (const Case& one : {Case{"UTF8:Mü, b", "0c064dc3bc2c2062"}, Case{"EXPLICIT:0,UTF8String:ü", "a0040c02c3bc"},
                          Case{"BMP:ü", "1e0200fc"}, Case{"FORMAT:UTF8,UTF8:ü", "0c02c3bc"},
                          Case{"FORM:ASCII,FORM:UTF8,UTF8:ü", "0c02c3bc"}, Case{"OCT:ü", "0402c3bc"}}) {
    ExtensionRequest request;
    request.raw.push_back(RawExtension::parse(std::string("1.2.3.4=asn1:") + one.text));
    EXPECT_TRUE(contains(info_with(request), one.value)) << one.text;
  }
}
TEST(RawExtensionTest, RefusesUtf8UnderAnotherFormat) {
  const Error error = refusal_of_raw("1.2.3.4=asn1:FORMAT:ASCII,UTF8:ü");
  EXPECT_EQ(error.code(), Errc::malformed_input);
  EXPECT_TRUE(contains(error.hint(), "FORMAT:UTF8"));
}
TEST(RawExtensionTest, RefusesWhatIsNotDer) {
  for (const char* value : {"hex:0c02", "hex:0c01610500", "hex:3080", "hex:30810100", "hex:020200ff00"}) {
    const Error error = refusal_of_raw(std::string("1.2.3.4=") + value);
    EXPECT_EQ(error.code(), Errc::malformed_input) << value;
    EXPECT_TRUE(contains(error.what(), "the value of the extension 1.2.3.4")) << error.what();
  }
}
TEST(RawExtensionTest, RefusesAsn1TextThatOpensslDoesNotUnderstand) {
  const Error error = refusal_of_raw("1.2.3.4=asn1:NONSENSE:1");
  EXPECT_EQ(error.code(), Errc::malformed_input);
  EXPECT_TRUE(contains(error.what(), "the value 'NONSENSE:1' of the extension 1.2.3.4 is not understood"));
}
TEST(RawExtensionTest, RefusesAsn1TextThatNamesAConfigurationSection) {
  EXPECT_EQ(refusal_of_raw("1.2.3.4=asn1:SEQUENCE:section").code(), Errc::malformed_input);
}
TEST(RawExtensionTest, RefusesANulThatWouldCutTheText) {
  ExtensionRequest request;
  request.raw.push_back({Oid::parse("1.2.3.4"), false, false, {}, std::string("NULL\0junk", 9)});
  const RequestSpec spec(Subject::parse("CN=a"), request);
  const Error error = error_of([&] { return certification_request_info(spec, p256_spki()); });
  EXPECT_STREQ(error.what(), "the value 'NULL\\00junk' of the extension 1.2.3.4 holds a NUL");
}

struct Algorithm {
  std::string name;
  KeySpec key;
  SignatureAlgorithm algorithm;
  std::string identifier;  // DER of the outer AlgorithmIdentifier
};

void PrintTo(const Algorithm& a, std::ostream* out) { *out << a.name; }

std::vector<Algorithm> algorithms() {
  std::vector<Algorithm> all = {
      {"RsaSha256", RsaKey{2048}, RsaPkcs1Signature{Digest::sha256}, "300d06092a864886f70d01010b0500"},
      {"RsaSha384", RsaKey{2048}, RsaPkcs1Signature{Digest::sha384}, "300d06092a864886f70d01010c0500"},
      {"RsaSha512", RsaKey{2048}, RsaPkcs1Signature{Digest::sha512}, "300d06092a864886f70d01010d0500"},
      // As python3-cryptography and GnuTLS write it: SHA-256 with NULL, MGF1 with SHA-256, 32 octets of salt.
      {"PssSha256", RsaKey{2048}, RsaPssSignature{Digest::sha256, 32},
       "304106092a864886f70d01010a3034a00f300d06096086480165030402010500"
       "a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120"},
      {"PssDefaultSalt", RsaKey{2048}, RsaPssSignature{Digest::sha512, 20},
       "303c06092a864886f70d01010a302fa00f300d06096086480165030402030500"
       "a11c301a06092a864886f70d010108300d06096086480165030402030500"},
      {"Ed25519", EdwardsKey{EdwardsCurve::ed25519}, EdDsaSignature{EdwardsCurve::ed25519}, "300506032b6570"},
      {"Ed448", EdwardsKey{EdwardsCurve::ed448}, EdDsaSignature{EdwardsCurve::ed448}, "300506032b6571"}};
  for (const auto& known : named_curves()) {
    std::string name = "Ec" + std::string(known.name);
    name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
    all.push_back({name, EcKey{known.curve}, EcdsaSignature{Digest::sha256}, "300a06082a8648ce3d040302"});
  }
  all.push_back({"EcdsaSha384", EcKey{NamedCurve::p384}, EcdsaSignature{Digest::sha384}, "300a06082a8648ce3d040303"});
  all.push_back({"EcdsaSha512", EcKey{NamedCurve::p521}, EcdsaSignature{Digest::sha512}, "300a06082a8648ce3d040304"});
  return all;
}

class BuildTest : public testing::TestWithParam<Algorithm> {
 protected:
  BuildTest()
      : signer_(GetParam().key, GetParam().algorithm),
        spec_(Subject::parse("CN=web-01,O=Example"), every_extension()) {}

  SoftwareSigner signer_;
  RequestSpec spec_;
};

TEST_P(BuildTest, GivesARequestThatIsDescribedAsAsked) {
  const auto request = build(spec_, signer_);
  const Description description = describe(as_bytes(request.pem()));
  EXPECT_EQ(description.verdict, SignatureVerdict::valid);
  EXPECT_EQ(description.der, request.der());
  EXPECT_EQ(description.to_be_signed, request.to_be_signed());
  EXPECT_EQ(description.subject, "CN=web-01,O=Example");
  EXPECT_EQ(description.subject_public_key_info, signer_.subject_public_key_info());
  EXPECT_EQ(description.signature_algorithm, signature_name(GetParam().algorithm));
  EXPECT_EQ(description.key_algorithm, display_name(GetParam().key));
}
TEST_P(BuildTest, SignsExactlyTheInfoOnce) {
  const auto request = build(spec_, signer_);
  EXPECT_EQ(request.to_be_signed(), certification_request_info(spec_, signer_.subject_public_key_info()));
  EXPECT_EQ(signer_.calls(), 1);
}
TEST_P(BuildTest, WritesTheAlgorithmIdentifierOfItsStandard) {
  EXPECT_TRUE(contains(to_hex(build(spec_, signer_).der()), GetParam().identifier));
}
TEST_P(BuildTest, RefusesAFlippedBit) {
  signer_.spoil = [](Bytes& signature) { signature[signature.size() / 2] ^= 0x10; };
  const Error error = error_of([&] { return build(spec_, signer_); });
  EXPECT_EQ(error.code(), Errc::verification_failed);
  EXPECT_TRUE(contains(error.what(), "the token's signature does not verify with its public key"));
}
TEST_P(BuildTest, RefusesTheSignatureOfAnotherKey) {
  SoftwareSigner other(GetParam().key, GetParam().algorithm);
  signer_.pretend_key(other.subject_public_key_info());
  EXPECT_EQ(error_of([&] { return build(spec_, signer_); }).code(), Errc::verification_failed);
}
TEST_P(BuildTest, RefusesAnEmptySignature) {
  signer_.spoil = [](Bytes& signature) { signature.clear(); };
  EXPECT_EQ(error_of([&] { return build(spec_, signer_); }).code(), Errc::verification_failed);
}

INSTANTIATE_TEST_SUITE_P(EveryAlgorithm, BuildTest, testing::ValuesIn(algorithms()),
                         [](const auto& instance) { return instance.param.name; });

TEST(BuildAnyTest, RefusesAnAlgorithmThatIsNotTheKeys) {
  SoftwareSigner signer(EcKey{NamedCurve::p256}, EcdsaSignature{Digest::sha256});
  struct Liar : Signer {
    explicit Liar(Signer& honest) : honest_(honest) {}
    Bytes subject_public_key_info() const override { return honest_.subject_public_key_info(); }
    SignatureAlgorithm algorithm() const override { return EcdsaSignature{Digest::sha512}; }
    Bytes sign(ByteView data) override { return honest_.sign(data); }
    Signer& honest_;
  } liar(signer);
  EXPECT_EQ(error_of([&] { return build(named("CN=a"), liar); }).code(), Errc::verification_failed);
}
TEST(BuildAnyTest, KeepsZeroBitsAtTheEndOfASignature) {
  // Every other Ed25519 signature ends in a zero bit, so fifty of them meet it.
  SoftwareSigner signer(EdwardsKey{EdwardsCurve::ed25519}, EdDsaSignature{EdwardsCurve::ed25519});
  for (int i = 0; i < 50; ++i) {
    EXPECT_NO_THROW(static_cast<void>(build(named("CN=" + std::to_string(i)), signer)));
  }
}

TEST(PemTest, HasTheLabelAndSixtyFourColumns) {
  SoftwareSigner signer(EcKey{NamedCurve::p256}, EcdsaSignature{Digest::sha256});
  const std::string pem = build(named("CN=web-01"), signer).pem();
  const std::string begin = "-----BEGIN CERTIFICATE REQUEST-----\n";
  ASSERT_EQ(pem.substr(0, begin.size()), begin);
  EXPECT_EQ(pem.find('\n', begin.size()), begin.size() + 64);
  EXPECT_EQ(pem.substr(pem.size() - 35), "\n-----END CERTIFICATE REQUEST-----\n");
}

}  // namespace
}  // namespace p11csr::x509
