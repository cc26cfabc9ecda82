#include <gtest/gtest.h>

#include <p11csr/crypto/public_key.hpp>

#include "unit/x509/software_signer.hpp"

namespace p11csr::crypto {
namespace {

struct Case {
  const char* name;
  KeySpec key;
  SignatureAlgorithm algorithm;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class VerifyTest : public testing::TestWithParam<Case> {
 protected:
  VerifyTest()
      : pair_(test::generate_key(GetParam().key)),
        key_(PublicKey::from_spki(test::spki_of(pair_.get()))),
        data_(1000, 0x5a),
        signature_(test::sign_in_software(pair_.get(), GetParam().algorithm, data_)) {}

  [[nodiscard]] bool verify(ByteView data, ByteView signature) const {
    return key_.verify(GetParam().algorithm, data, signature);
  }

  KeyHandle pair_;
  PublicKey key_;
  Bytes data_;
  Bytes signature_;
};

TEST_P(VerifyTest, AcceptsTheKeysSignature) { EXPECT_TRUE(verify(data_, signature_)); }
TEST_P(VerifyTest, RefusesItOverOtherData) {
  data_[500] ^= 1;
  EXPECT_FALSE(verify(data_, signature_));
}
TEST_P(VerifyTest, RefusesItWithABitFlipped) {
  signature_[signature_.size() / 2] ^= 1;
  EXPECT_FALSE(verify(data_, signature_));
}
TEST_P(VerifyTest, RefusesItCutOrExtended) {
  EXPECT_FALSE(verify(data_, ByteView(signature_).first(signature_.size() - 1)));
  signature_.push_back(0);
  EXPECT_FALSE(verify(data_, signature_));
}
TEST_P(VerifyTest, RefusesAnEmptySignature) { EXPECT_FALSE(verify(data_, {})); }
TEST_P(VerifyTest, RefusesEveryOtherAlgorithm) {
  const std::vector<SignatureAlgorithm> all = {
      RsaPkcs1Signature{Digest::sha256},     RsaPkcs1Signature{Digest::sha512},  RsaPssSignature{Digest::sha256, 32},
      RsaPssSignature{Digest::sha256, 20},   EcdsaSignature{Digest::sha256},     EcdsaSignature{Digest::sha384},
      EdDsaSignature{EdwardsCurve::ed25519}, EdDsaSignature{EdwardsCurve::ed448}};
  for (const auto& other : all) {
    if (!(other == GetParam().algorithm)) {
      EXPECT_FALSE(key_.verify(other, data_, signature_)) << signature_name(other);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    EveryKind, VerifyTest,
    testing::Values(Case{"Rsa", RsaKey{2048}, RsaPkcs1Signature{Digest::sha256}},
                    Case{"RsaSha512", RsaKey{2048}, RsaPkcs1Signature{Digest::sha512}},
                    Case{"RsaPss", RsaKey{2048}, RsaPssSignature{Digest::sha256, 32}},
                    Case{"RsaPssWithAnotherSalt", RsaKey{2048}, RsaPssSignature{Digest::sha384, 0}},
                    Case{"P256", EcKey{NamedCurve::p256}, EcdsaSignature{Digest::sha256}},
                    Case{"P521", EcKey{NamedCurve::p521}, EcdsaSignature{Digest::sha512}},
                    Case{"Brainpool", EcKey{NamedCurve::brainpool_p320r1}, EcdsaSignature{Digest::sha256}},
                    Case{"Ed25519", EdwardsKey{EdwardsCurve::ed25519}, EdDsaSignature{EdwardsCurve::ed25519}},
                    Case{"Ed448", EdwardsKey{EdwardsCurve::ed448}, EdDsaSignature{EdwardsCurve::ed448}}),
    [](const auto& instance) { return instance.param.name; });

TEST(PssVerifyTest, RefusesAnAbsurdSaltLength) {
  const auto pair = test::generate_key(RsaKey{2048});
  const auto key = PublicKey::from_spki(test::spki_of(pair.get()));
  for (const unsigned salt : {0xfffffffeU, 0x7fffffffU, 4096U, 300U}) {
    EXPECT_FALSE(key.verify(RsaPssSignature{Digest::sha256, salt}, Bytes(10), Bytes(256)));
  }
}

}  // namespace
}  // namespace p11csr::crypto
