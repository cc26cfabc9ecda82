#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include <p11csr/crypto/key_sanity.hpp>
#include <p11csr/crypto/public_key.hpp>

#include "unit/crypto/error_of.hpp"
#include "unit/property.hpp"
#include "unit/x509/software_signer.hpp"

namespace p11csr::crypto {
namespace {

using test::error_of;
using test::holds;

Bytes octets_of(MlDsaSet set) { return Bytes(facts(set).public_key_size, 0x5a); }

void expect_refused(const std::function<void()>& use, const std::string& words) {
  const Error error = error_of(use);
  EXPECT_EQ(error.code(), Errc::malformed_input);
  EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
}

// RFC 9881, 4: the OID without parameters, then the key's octets as they are.
TEST(MlDsaKeyTest, IsEncodedWithoutParametersAroundItsOctets) {
  for (const auto& [set, head] : {std::pair(MlDsaSet::ml_dsa_44, "30820532300b06096086480165030403110382052100"),
                                  std::pair(MlDsaSet::ml_dsa_65, "308207b2300b0609608648016503040312038207a100"),
                                  std::pair(MlDsaSet::ml_dsa_87, "30820a32300b060960864801650304031303820a2100")}) {
    const auto key = PublicKey::from_ml_dsa(set, octets_of(set));
    EXPECT_EQ(to_hex(key.spki()), head + to_hex(octets_of(set)));
    EXPECT_EQ(key.kind(), KeySpec(MlDsaKey{set}));
    EXPECT_EQ(PublicKey::from_spki(key.spki()), key);
  }
}
TEST(MlDsaKeyTest, OfAnyOctetsReadsBackAsItIs) {
  EXPECT_TRUE(holds("from_ml_dsa, from_spki", [] {
    const auto known = *rc::gen::elementOf(std::vector<MlDsaFacts>(ml_dsa_sets().begin(), ml_dsa_sets().end()));
    const auto octets = *rc::gen::container<Bytes>(known.public_key_size, rc::gen::arbitrary<std::uint8_t>());
    RC_PRE(!ml_dsa_key_proves_nothing(octets));
    const auto key = PublicKey::from_ml_dsa(known.set, octets);
    RC_ASSERT(PublicKey::from_spki(key.spki()) == key);
    RC_ASSERT(std::equal(octets.begin(), octets.end(), key.spki().end() - static_cast<std::ptrdiff_t>(octets.size())));
  }));
}
TEST(MlDsaKeyTest, HasTheLengthOfItsSet) {
  for (const auto& known : ml_dsa_sets()) {
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{32}, known.public_key_size - 1, known.public_key_size + 1, std::size_t{4896}}) {
      expect_refused([&] { static_cast<void>(PublicKey::from_ml_dsa(known.set, Bytes(size, 7))); },
                     std::string("a key of ") + std::string(known.name));
    }
  }
}
TEST(MlDsaKeyTest, IsNoSeedFollowedByZeros) {
  Bytes octets(facts(MlDsaSet::ml_dsa_65).public_key_size);
  octets.front() = 9;
  expect_refused([&] { static_cast<void>(PublicKey::from_ml_dsa(MlDsaSet::ml_dsa_65, octets)); }, "prove nothing");
  octets.back() = 1;
  EXPECT_EQ(PublicKey::from_ml_dsa(MlDsaSet::ml_dsa_65, octets).kind(), KeySpec(MlDsaKey{MlDsaSet::ml_dsa_65}));
}
TEST(MlDsaKeyTest, HasNoParameters) {
  Bytes spki = PublicKey::from_ml_dsa(MlDsaSet::ml_dsa_44, octets_of(MlDsaSet::ml_dsa_44)).spki();
  spki.insert(spki.begin() + 17, {0x05, 0x00});
  spki[3] += 2;
  spki[5] += 2;
  expect_refused([&] { static_cast<void>(PublicKey::from_spki(spki)); }, "ML-DSA-44 has parameters");
}

TEST(MlDsaSignatureTest, MayBeTheKeysByKindAndLengthAlone) {
  const auto key = PublicKey::from_ml_dsa(MlDsaSet::ml_dsa_44, octets_of(MlDsaSet::ml_dsa_44));
  EXPECT_TRUE(key.may_have_made(MlDsaSignature{MlDsaSet::ml_dsa_44}, Bytes(2420)));
  EXPECT_FALSE(key.may_have_made(MlDsaSignature{MlDsaSet::ml_dsa_44}, Bytes(2421)));
  EXPECT_FALSE(key.may_have_made(MlDsaSignature{MlDsaSet::ml_dsa_65}, Bytes(3309)));
  EXPECT_FALSE(key.may_have_made(EcdsaSignature{Digest::sha256}, Bytes(2420)));
  EXPECT_FALSE(key.may_have_made(RsaPkcs1Signature{Digest::sha256}, Bytes(2420)));
  EXPECT_FALSE(key.may_have_made(EdDsaSignature{EdwardsCurve::ed25519}, Bytes(2420)));
}
TEST(MlDsaSignatureTest, IsNotVerifiedByAKeyThatDidNotMakeIt) {
  const auto key = PublicKey::from_ml_dsa(MlDsaSet::ml_dsa_44, octets_of(MlDsaSet::ml_dsa_44));
  EXPECT_FALSE(key.verify(MlDsaSignature{MlDsaSet::ml_dsa_44}, Bytes(10), Bytes(2420)));
  EXPECT_FALSE(key.verify(MlDsaSignature{MlDsaSet::ml_dsa_87}, Bytes(10), Bytes(4627)));
}
TEST(MlDsaSignatureTest, IsVerifiedWhereOpensslHasIt) {
  if (!can_verify(MlDsaSignature{MlDsaSet::ml_dsa_44})) GTEST_SKIP() << "this OpenSSL has no ML-DSA";
  for (const auto& known : ml_dsa_sets()) {
    const auto pair = test::generate_key(MlDsaKey{known.set});
    const auto key = PublicKey::from_spki(test::spki_of(pair.get()));
    EXPECT_EQ(key.spki(), test::spki_of(pair.get()));
    Bytes data(1000, 0x5a);
    const Bytes signature = test::sign_in_software(pair.get(), MlDsaSignature{known.set}, data);
    EXPECT_EQ(signature.size(), known.signature_size);
    EXPECT_TRUE(key.verify(MlDsaSignature{known.set}, data, signature));
    data.back() ^= 1;
    EXPECT_FALSE(key.verify(MlDsaSignature{known.set}, data, signature));
  }
}
TEST(MlDsaSignatureTest, IsTheOnlyKindThatOpensslMayLack) {
  EXPECT_TRUE(can_verify(RsaPkcs1Signature{Digest::sha256}));
  EXPECT_TRUE(can_verify(EcdsaSignature{Digest::sha512}));
  EXPECT_TRUE(can_verify(EdDsaSignature{EdwardsCurve::ed448}));
}

}  // namespace
}  // namespace p11csr::crypto
