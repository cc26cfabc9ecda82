#include <gtest/gtest.h>

#include <p11csr/model/signature_algorithm.hpp>

#include "unit/model/thrown_error.hpp"

namespace p11csr {
namespace {

using test::thrown_error;

constexpr RsaKey rsa{2048};
constexpr EcKey p256{NamedCurve::p256};
constexpr EdwardsKey ed25519{EdwardsCurve::ed25519};

Digest default_digest(NamedCurve curve) {
  return std::get<EcdsaSignature>(choose_signature_algorithm(EcKey{curve}, {}, {})).digest;
}

TEST(ChooseSignatureAlgorithmTest, PicksSha256AndPkcs1ForRsa) {
  EXPECT_EQ(choose_signature_algorithm(rsa, {}, {}), SignatureAlgorithm(RsaPkcs1Signature{Digest::sha256}));
}

TEST(ChooseSignatureAlgorithmTest, SaltsPssAsLongAsTheDigest) {
  EXPECT_EQ(choose_signature_algorithm(rsa, Digest::sha384, Padding::pss),
            SignatureAlgorithm(RsaPssSignature{Digest::sha384, 48}));
}

TEST(ChooseSignatureAlgorithmTest, FitsTheDigestToTheCurve) {
  EXPECT_EQ(default_digest(NamedCurve::p256), Digest::sha256);
  EXPECT_EQ(default_digest(NamedCurve::secp256k1), Digest::sha256);
  EXPECT_EQ(default_digest(NamedCurve::brainpool_p320r1), Digest::sha256);
  EXPECT_EQ(default_digest(NamedCurve::p384), Digest::sha384);
  EXPECT_EQ(default_digest(NamedCurve::brainpool_p384r1), Digest::sha384);
  EXPECT_EQ(default_digest(NamedCurve::p521), Digest::sha512);
  EXPECT_EQ(default_digest(NamedCurve::brainpool_p512r1), Digest::sha512);
}

TEST(ChooseSignatureAlgorithmTest, TakesTheDigestGiven) {
  EXPECT_EQ(choose_signature_algorithm(p256, Digest::sha512, {}), SignatureAlgorithm(EcdsaSignature{Digest::sha512}));
}

TEST(ChooseSignatureAlgorithmTest, LeavesEdDsaNoChoice) {
  EXPECT_EQ(choose_signature_algorithm(ed25519, {}, {}), SignatureAlgorithm(EdDsaSignature{EdwardsCurve::ed25519}));
  EXPECT_EQ(thrown_error([] { return choose_signature_algorithm(ed25519, Digest::sha512, {}); }).code(), Errc::usage);
  EXPECT_EQ(thrown_error([] { return choose_signature_algorithm(ed25519, {}, Padding::pkcs1); }).code(), Errc::usage);
}

TEST(ChooseSignatureAlgorithmTest, LeavesMlDsaNoChoice) {
  const KeySpec key = MlDsaKey{MlDsaSet::ml_dsa_87};
  EXPECT_EQ(choose_signature_algorithm(key, {}, {}), SignatureAlgorithm(MlDsaSignature{MlDsaSet::ml_dsa_87}));
  EXPECT_EQ(thrown_error([&] { return choose_signature_algorithm(key, Digest::sha512, {}); }).code(), Errc::usage);
  EXPECT_EQ(thrown_error([&] { return choose_signature_algorithm(key, {}, Padding::pss); }).code(), Errc::usage);
  EXPECT_FALSE(has_digest_to_choose(key));
}

TEST(ChooseSignatureAlgorithmTest, RefusesAPaddingForEc) {
  EXPECT_EQ(thrown_error([] { return choose_signature_algorithm(p256, {}, Padding::pss); }).code(), Errc::usage);
  EXPECT_EQ(thrown_error([] { return choose_signature_algorithm(p256, {}, Padding::pkcs1); }).code(), Errc::usage);
}

TEST(ChooseSignatureAlgorithmTest, RefusesADigestThatTheKeyIsTooShortFor) {
  const auto choose = [](unsigned bits, Padding padding) {
    return choose_signature_algorithm(RsaKey{bits}, Digest::sha512, padding);
  };
  EXPECT_EQ(thrown_error([&] { return choose(1024, Padding::pss); }).code(), Errc::usage);
  EXPECT_EQ(choose(1042, Padding::pss), SignatureAlgorithm(RsaPssSignature{Digest::sha512, 64}));
  EXPECT_EQ(thrown_error([&] { return choose(744, Padding::pkcs1); }).code(), Errc::usage);
  EXPECT_EQ(choose(752, Padding::pkcs1), SignatureAlgorithm(RsaPkcs1Signature{Digest::sha512}));
}

TEST(SignatureNameTest, IsOpenSslsLongName) {
  EXPECT_EQ(signature_name(RsaPkcs1Signature{Digest::sha256}), "sha256WithRSAEncryption");
  EXPECT_EQ(signature_name(RsaPssSignature{Digest::sha256, 32}), "rsassaPss");
  EXPECT_EQ(signature_name(EcdsaSignature{Digest::sha384}), "ecdsa-with-SHA384");
  EXPECT_EQ(signature_name(EdDsaSignature{EdwardsCurve::ed25519}), "ED25519");
  EXPECT_EQ(signature_name(EdDsaSignature{EdwardsCurve::ed448}), "ED448");
  EXPECT_EQ(signature_name(MlDsaSignature{MlDsaSet::ml_dsa_44}), "ML-DSA-44");
}

TEST(DigestTest, IsReadByItsName) {
  for (const Digest digest : {Digest::sha256, Digest::sha384, Digest::sha512}) {
    EXPECT_EQ(parse_digest(digest_name(digest)), digest);
  }
  EXPECT_EQ(parse_digest("SHA256"), Digest::sha256);
  EXPECT_EQ(thrown_error([] { return parse_digest("sha1"); }).code(), Errc::usage);
  EXPECT_EQ(thrown_error([] { return parse_digest(""); }).code(), Errc::usage);
}

TEST(DigestTest, HasItsSizeInOctets) {
  EXPECT_EQ(digest_size(Digest::sha256), 32U);
  EXPECT_EQ(digest_size(Digest::sha384), 48U);
  EXPECT_EQ(digest_size(Digest::sha512), 64U);
}

TEST(PaddingTest, IsReadByItsName) {
  EXPECT_EQ(parse_padding("pkcs1"), Padding::pkcs1);
  EXPECT_EQ(parse_padding("pss"), Padding::pss);
  EXPECT_EQ(thrown_error([] { return parse_padding("oaep"); }).code(), Errc::usage);
}

}  // namespace
}  // namespace p11csr
