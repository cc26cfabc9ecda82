#include <gtest/gtest.h>
#include <string>
#include <utility>

#include <p11csr/crypto/public_key.hpp>
#include <p11csr/x509/certification_request.hpp>
#include <p11csr/x509/description.hpp>

#include "unit/crypto/error_of.hpp"
#include "unit/x509/ml_dsa_vectors.hpp"
#include "x509/document.hpp"

namespace p11csr::x509 {
namespace {

using test::error_of;

constexpr SignatureAlgorithm kAlgorithm = MlDsaSignature{MlDsaSet::ml_dsa_44};

Bytes request() { return from_hex(test::vectors::ml_dsa_44_request, "the test"); }

crypto::PublicKey key_in(const Bytes& der) {
  return crypto::PublicKey::from_spki(request_key(split_signed(der).to_be_signed));
}

Bytes info_in(const Bytes& der) {
  const ByteView info = split_signed(der).to_be_signed;
  return {info.begin(), info.end()};
}

/// AnsweringSigner is a token that gives this signature, whatever it is asked to sign.
class AnsweringSigner : public Signer {
 public:
  AnsweringSigner(Bytes spki, Bytes signature) : spki_(std::move(spki)), signature_(std::move(signature)) {}
  [[nodiscard]] Bytes subject_public_key_info() const override { return spki_; }
  [[nodiscard]] SignatureAlgorithm algorithm() const override { return kAlgorithm; }
  [[nodiscard]] Bytes sign(ByteView /*unused*/) override {
    ++calls;
    return signature_;
  }

  int calls = 0;

 private:
  Bytes spki_;
  Bytes signature_;
};

AnsweringSigner signer_of(const Bytes& der) { return {key_in(der).spki(), {der.end() - 2420, der.end()}}; }

TEST(MlDsaRequestTest, HasTheKeyOfTheStandardsExample) {
  const crypto::PublicKey key = key_in(request());
  EXPECT_EQ(key.kind(), KeySpec(MlDsaKey{MlDsaSet::ml_dsa_44}));
  EXPECT_EQ(to_hex(ByteView(key.spki()).first(37)),
            "30820532300b06096086480165030403110382052100d7b2b47254aae0db45e7930d4a98d2");
}
TEST(MlDsaRequestTest, IsEncodedAsOpensslReqDoes) {
  const Bytes der = request();
  AnsweringSigner signer = signer_of(der);
  const auto made = sign(info_in(der), key_in(der), signer, SelfVerification::where_possible);
  EXPECT_EQ(made.der(), der);
  EXPECT_EQ(made.verified(), crypto::can_verify(kAlgorithm));
}
TEST(MlDsaRequestTest, HasTheInfoThatOpensslReqEncodes) {
  std::string expected = to_hex(info_in(request()));
  expected.replace(expected.find("0c094d4c"), 2, "13");  // openssl req took UTF8String
  const RequestSpec spec(Subject::parse("CN=ML-DSA-44"), {});
  EXPECT_EQ(to_hex(certification_request_info(spec, key_in(request()))), expected);
}
TEST(MlDsaRequestTest, IsNotMadeWhereItCannotBeVerified) {
  const Bytes der = request();
  AnsweringSigner signer = signer_of(der);
  if (crypto::can_verify(kAlgorithm)) {
    EXPECT_TRUE(sign(info_in(der), key_in(der), signer).verified());
    return;
  }
  const Error error = error_of([&] { return sign(info_in(der), key_in(der), signer); });
  EXPECT_EQ(error.code(), Errc::verification_failed);
  EXPECT_NE(error.hint().find("--no-self-verify"), std::string::npos);
  EXPECT_EQ(signer.calls, 0);
}
TEST(MlDsaRequestTest, IsNeverHandedOutWithASignatureThatCannotBeOne) {
  const Bytes der = request();
  for (const std::ptrdiff_t size : {0, 64, 2419, 2421, 3309, 4627}) {
    AnsweringSigner signer(key_in(der).spki(), Bytes(static_cast<std::size_t>(size), 1));
    const Error error =
        error_of([&] { return sign(info_in(der), key_in(der), signer, SelfVerification::where_possible); });
    EXPECT_EQ(error.code(), Errc::verification_failed) << size;
  }
}
TEST(MlDsaRequestTest, IsNeverHandedOutWithASignatureThatIsFoundWrong) {
  if (!crypto::can_verify(kAlgorithm)) GTEST_SKIP() << "this OpenSSL has no ML-DSA";
  Bytes der = request();
  der.back() ^= 1;
  AnsweringSigner signer = signer_of(der);
  const Error error =
      error_of([&] { return sign(info_in(der), key_in(der), signer, SelfVerification::where_possible); });
  EXPECT_EQ(error.code(), Errc::verification_failed);
}
TEST(MlDsaRequestTest, IsDescribedAndJudgedAsFarAsOpensslCan) {
  const Description description = describe(request());
  EXPECT_EQ(description.key_algorithm, "ML-DSA-44");
  EXPECT_EQ(description.signature_algorithm, "ML-DSA-44");
  EXPECT_EQ(description.verdict,
            crypto::can_verify(kAlgorithm) ? SignatureVerdict::valid : SignatureVerdict::unsupported);
}
TEST(MlDsaRequestTest, IsInvalidWithASignatureOfAnotherLength) {
  const Bytes der = request();
  const SignedParts parts = split_signed(der);
  Bytes longer(parts.to_be_signed.begin(), parts.to_be_signed.end());
  longer.insert(longer.end(), parts.algorithm.begin(), parts.algorithm.end());
  longer.insert(longer.end(), {0x03, 0x02, 0x00, 0x01});  // one octet of signature
  Bytes whole{0x30, 0x82, static_cast<std::uint8_t>(longer.size() >> 8U), static_cast<std::uint8_t>(longer.size())};
  whole.insert(whole.end(), longer.begin(), longer.end());
  EXPECT_EQ(describe(whole).verdict, SignatureVerdict::invalid);
}

}  // namespace
}  // namespace p11csr::x509
