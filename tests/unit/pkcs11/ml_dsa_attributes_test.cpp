#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <map>
#include <string>

#include "pkcs11/keys.hpp"
#include "pkcs11/mechanisms.hpp"
#include "pkcs11/public_key_attributes.hpp"
#include "unit/crypto/error_of.hpp"

namespace p11csr::pkcs11 {
namespace {

Bytes number(CK_ULONG value) {
  Bytes octets(sizeof value);
  std::memcpy(octets.data(), &value, sizeof value);
  return octets;
}

AttributeValues key_object(CK_ULONG set, const Bytes& value) {
  return AttributeValues({{kParameterSetAttribute, number(set)}, {CKA_VALUE, value}});
}

TEST(MlDsaAttributesTest, MakeThePublicKey) {
  const auto key = ml_dsa_key_of(key_object(2, Bytes(1952, 7)));
  ASSERT_TRUE(key);
  EXPECT_EQ(key->kind(), KeySpec(MlDsaKey{MlDsaSet::ml_dsa_65}));
}
TEST(MlDsaAttributesTest, SayTheKindByTheParameterSet) {
  EXPECT_EQ(parameter_set_kind(key_object(1, {})), KeySpec(MlDsaKey{MlDsaSet::ml_dsa_44}));
  EXPECT_EQ(parameter_set_kind(key_object(3, {})), KeySpec(MlDsaKey{MlDsaSet::ml_dsa_87}));
  for (const CK_ULONG set : {CK_ULONG{0}, CK_ULONG{4}, CK_UNAVAILABLE_INFORMATION})
    EXPECT_FALSE(parameter_set_kind(key_object(set, {}))) << set;
}
TEST(MlDsaAttributesTest, MakeNoKeyWherePartsAreMissing) {
  EXPECT_FALSE(ml_dsa_key_of(AttributeValues(std::map<CK_ATTRIBUTE_TYPE, Bytes>{})));
  EXPECT_FALSE(ml_dsa_key_of(key_object(2, {})));
  EXPECT_FALSE(ml_dsa_key_of(key_object(9, Bytes(1952, 7))));
}
TEST(MlDsaAttributesTest, AreRefusedWhereTheLengthIsAnothers) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{1312}, std::size_t{1951}, std::size_t{1953}})
    EXPECT_EQ(test::error_of([&] { return ml_dsa_key_of(key_object(2, Bytes(size, 7))); }).code(), Errc::token_failed);
}
TEST(MlDsaAttributesTest, AreNotReadOfOtherKeys) {
  const auto& common = public_key_attribute_types();
  for (const CK_ATTRIBUTE_TYPE type : ml_dsa_attribute_types())
    EXPECT_EQ(std::count(common.begin(), common.end(), type), 0) << "0x" << std::hex << type;
}

TEST(MlDsaMechanismsTest, AreTheStandards) {
  const MlDsaKey key{MlDsaSet::ml_dsa_44};
  EXPECT_EQ(mechanism_name(generation_mechanism(key)), "CKM_ML_DSA_KEY_PAIR_GEN");
  const auto ways = signing_mechanisms(MlDsaSignature{key.set}, {CKM_ECDSA, 0x1d});
  ASSERT_EQ(ways.size(), 1U);
  EXPECT_EQ(mechanism_name(ways.front().type), "CKM_ML_DSA");
  EXPECT_EQ(ways.front().hashes, WhoHashes::token);
}
TEST(MlDsaMechanismsTest, AreNamedWhereTheTokenLacksThem) {
  const Error error = test::error_of([] { require_generation(MlDsaKey{MlDsaSet::ml_dsa_87}, {CKM_EC_KEY_PAIR_GEN}); });
  EXPECT_EQ(error.code(), Errc::mechanism_unsupported);
  EXPECT_STREQ(error.what(), "the token cannot generate ML-DSA-87: it has no CKM_ML_DSA_KEY_PAIR_GEN");
}

TEST(KeyTypeTest, FitsTheKindsThatTokensGiveIt) {
  const MlDsaKey ml_dsa{MlDsaSet::ml_dsa_44};
  EXPECT_TRUE(fits_type(ml_dsa, 0x4a));
  EXPECT_FALSE(fits_type(ml_dsa, CKK_EC));
  EXPECT_FALSE(fits_type(RsaKey{2048}, 0x4a));
  EXPECT_FALSE(fits_type(EcKey{NamedCurve::p256}, 0x4a));
  EXPECT_TRUE(fits_type(EdwardsKey{EdwardsCurve::ed25519}, CKK_EC)) << "some tokens say so";
  EXPECT_FALSE(fits_type(EcKey{NamedCurve::p256}, CKK_EC_EDWARDS));
}

}  // namespace
}  // namespace p11csr::pkcs11
