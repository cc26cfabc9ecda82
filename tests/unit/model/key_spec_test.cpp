#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utility>

#include <p11csr/model/key_spec.hpp>

#include "unit/model/thrown_error.hpp"

namespace p11csr {
namespace {

using test::thrown_error;
using testing::HasSubstr;

Error refusal(std::string_view text) {
  Error error = thrown_error([&] { return parse_key_spec(text); });
  EXPECT_EQ(error.code(), Errc::usage) << text;
  return error;
}

TEST(KeySpecTest, ReadsEveryKind) {
  EXPECT_EQ(parse_key_spec("rsa:3072"), KeySpec(RsaKey{3072}));
  EXPECT_EQ(parse_key_spec("EC:p-256"), KeySpec(EcKey{NamedCurve::p256}));
  EXPECT_EQ(parse_key_spec("Ed25519"), KeySpec(EdwardsKey{EdwardsCurve::ed25519}));
  EXPECT_EQ(parse_key_spec("ed448"), KeySpec(EdwardsKey{EdwardsCurve::ed448}));
  EXPECT_EQ(parse_key_spec("ML-DSA-44"), KeySpec(MlDsaKey{MlDsaSet::ml_dsa_44}));
  EXPECT_EQ(parse_key_spec("ml-dsa-65"), KeySpec(MlDsaKey{MlDsaSet::ml_dsa_65}));
  EXPECT_EQ(parse_key_spec("ml-dsa-87"), KeySpec(MlDsaKey{MlDsaSet::ml_dsa_87}));
}

TEST(KeySpecTest, WritesWhatItReads) {
  for (const std::string_view text :
       {"rsa:2048", "rsa:3072", "rsa:4096", "ed25519", "ed448", "ml-dsa-44", "ml-dsa-65", "ml-dsa-87"}) {
    EXPECT_EQ(to_string(parse_key_spec(text)), text);
  }
  for (const auto& curve : named_curves()) {
    const std::string text = "ec:" + std::string(curve.name);
    EXPECT_EQ(to_string(parse_key_spec(text)), text);
  }
}

TEST(KeySpecTest, NamesKindsForPeople) {
  EXPECT_EQ(display_name(RsaKey{3072}), "RSA 3072");
  EXPECT_EQ(display_name(EcKey{NamedCurve::brainpool_p256r1}), "EC brainpoolP256r1");
  EXPECT_EQ(display_name(EdwardsKey{EdwardsCurve::ed25519}), "Ed25519");
  EXPECT_EQ(display_name(EdwardsKey{EdwardsCurve::ed448}), "Ed448");
  EXPECT_EQ(display_name(MlDsaKey{MlDsaSet::ml_dsa_87}), "ML-DSA-87");
}

TEST(KeySpecTest, RefusesOtherRsaSizes) {
  for (const std::string_view text : {"rsa:1024", "rsa:", "rsa:2048x", "rsa:02048", "rsa: 2048", "rsa:8192"}) {
    EXPECT_THAT(refusal(text).what(), HasSubstr("2048, 3072 or 4096")) << text;
  }
}

TEST(KeySpecTest, NamesTheNearestCurve) {
  EXPECT_EQ(refusal("ec:brainpoolP265r1").hint(), "did you mean 'brainpoolP256r1'?");
  EXPECT_THAT(refusal("ec:curve25519").hint(), HasSubstr("P-256, P-384, P-521, secp256k1"));
}

TEST(KeySpecTest, ListsWhatThereIs) {
  for (const std::string_view text :
       {"", "rsa", "ec", "dsa:2048", "ed25519:", "P-256", "ml-dsa", "ml-dsa-66", "ml-dsa:65"}) {
    EXPECT_THAT(refusal(text).hint(), HasSubstr("rsa:2048")) << text;
  }
}

TEST(MlDsaSetTest, HasTheSizesOfTheStandard) {
  const auto sizes = [](MlDsaSet set) { return std::pair(facts(set).public_key_size, facts(set).signature_size); };
  EXPECT_EQ(sizes(MlDsaSet::ml_dsa_44), std::pair(std::size_t{1312}, std::size_t{2420}));
  EXPECT_EQ(sizes(MlDsaSet::ml_dsa_65), std::pair(std::size_t{1952}, std::size_t{3309}));
  EXPECT_EQ(sizes(MlDsaSet::ml_dsa_87), std::pair(std::size_t{2592}, std::size_t{4627}));
  for (const auto& known : ml_dsa_sets()) EXPECT_EQ(&facts(known.set), &known);
}

TEST(NamedCurveTest, IsFoundByEverySpelling) {
  for (const std::string_view name :
       {"P-256", "p256", "prime256v1", "secp256r1", "SECP256R1", "NIST P-256", "nistp256", "1.2.840.10045.3.1.7"}) {
    EXPECT_EQ(find_curve(name), NamedCurve::p256) << name;
  }
  EXPECT_EQ(find_curve("secp521r1"), NamedCurve::p521);
  EXPECT_EQ(find_curve("BRAINPOOLP512R1"), NamedCurve::brainpool_p512r1);
  EXPECT_EQ(find_curve("1.3.132.0.10"), NamedCurve::secp256k1);
}

TEST(NamedCurveTest, IsAbsentWhereUnknown) {
  for (const std::string_view name : {"", "-", "nist", "P-257", "secp224r1", "1.3.132.0.33"}) {
    EXPECT_FALSE(find_curve(name)) << name;
  }
}

TEST(NamedCurveTest, HasFactsForEveryCurve) {
  EXPECT_EQ(named_curves().size(), 8U);
  for (const auto& known : named_curves()) {
    EXPECT_EQ(&facts(known.curve), &known);
    EXPECT_EQ(find_curve(known.oid), known.curve);
  }
  EXPECT_EQ(facts(NamedCurve::p521).field_bits, 521U);
}

}  // namespace
}  // namespace p11csr
