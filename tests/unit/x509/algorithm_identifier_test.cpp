#include "x509/algorithm_identifier.hpp"

#include <gtest/gtest.h>

#include "crypto/openssl_error.hpp"
#include "unit/crypto/error_of.hpp"

namespace p11csr::x509 {
namespace {

std::optional<SignatureAlgorithm> parsed(std::string_view hex) { return parse_algorithm(from_hex(hex, "the test")); }

TEST(ParseAlgorithmTest, ReadsBackEachAlgorithm) {
  for (const Digest digest : {Digest::sha256, Digest::sha384, Digest::sha512}) {
    for (const SignatureAlgorithm& algorithm : std::vector<SignatureAlgorithm>{
             RsaPkcs1Signature{digest}, EcdsaSignature{digest}, RsaPssSignature{digest, 0}, RsaPssSignature{digest, 20},
             RsaPssSignature{digest, 64}, RsaPssSignature{digest, 300}, EdDsaSignature{EdwardsCurve::ed25519},
             EdDsaSignature{EdwardsCurve::ed448}}) {
      const Bytes der = crypto::encode(i2d_X509_ALGOR, encode_algorithm(algorithm).get(), "i2d_X509_ALGOR");
      EXPECT_EQ(parse_algorithm(der), algorithm) << to_hex(der);
    }
  }
}
TEST(ParseAlgorithmTest, KnowsMlDsaByItsOidsWithoutParameters) {
  for (const auto& [set, hex] : {std::pair(MlDsaSet::ml_dsa_44, "300b0609608648016503040311"),
                                 std::pair(MlDsaSet::ml_dsa_65, "300b0609608648016503040312"),
                                 std::pair(MlDsaSet::ml_dsa_87, "300b0609608648016503040313")}) {
    const SignatureAlgorithm algorithm = MlDsaSignature{set};
    EXPECT_EQ(parsed(hex), algorithm);
    EXPECT_EQ(to_hex(crypto::encode(i2d_X509_ALGOR, encode_algorithm(algorithm).get(), "i2d_X509_ALGOR")), hex);
    EXPECT_EQ(algorithm_name(from_hex(hex, "the test")), signature_name(algorithm));
  }
  EXPECT_FALSE(parsed("300d06096086480165030403110500")) << "with NULL";
  EXPECT_FALSE(parsed("300b0609608648016503040310")) << "id-rsassa-pkcs1-v1-5-with-sha3-512";
  EXPECT_FALSE(parsed("300b0609608648016503040314")) << "id-slh-dsa-sha2-128s";
  EXPECT_FALSE(parsed("300b0609608648016503040320")) << "id-hash-ml-dsa-44-with-sha512";
}
TEST(ParseAlgorithmTest, AcceptsRsaWithoutNull) {
  EXPECT_EQ(parsed("300b06092a864886f70d01010b"), SignatureAlgorithm(RsaPkcs1Signature{Digest::sha256}));
}
TEST(ParseAlgorithmTest, DoesNotKnowOthers) {
  EXPECT_FALSE(parsed("300d06092a864886f70d0101050500")) << "sha1WithRSAEncryption";
  EXPECT_FALSE(parsed("300c06082a8648ce3d0403020500")) << "ecdsa-with-SHA256 with NULL";
  EXPECT_FALSE(parsed("300706032b65700500")) << "Ed25519 with NULL";
  EXPECT_FALSE(parsed("300e06092a864886f70d01010b020100")) << "RSA with an INTEGER";
}
TEST(ParseAlgorithmTest, DoesNotKnowPssOfSha1OrOfTwoHashes) {
  EXPECT_FALSE(parsed("300d06092a864886f70d01010a3000")) << "all defaults";
  EXPECT_FALSE(parsed("300b06092a864886f70d01010a")) << "no parameters";
  EXPECT_FALSE(
      parsed("304106092a864886f70d01010a3034a00f300d06096086480165030402010500"
             "a11c301a06092a864886f70d010108300d06096086480165030402030500a203020120"));
}
TEST(ParseAlgorithmTest, DoesNotKnowPssWithANegativeSalt) {
  EXPECT_FALSE(
      parsed("304106092a864886f70d01010a3034a00f300d06096086480165030402010500"
             "a11c301a06092a864886f70d010108300d06096086480165030402010500a2030201ff"));
}
TEST(ParseAlgorithmTest, IsEmptyForGarbage) {
  for (const char* hex : {"", "30", "3000", "0500", "30020600", "300506032b65", "300506032b657000"}) {
    EXPECT_FALSE(parsed(hex)) << hex;
  }
}

TEST(AlgorithmNameTest, IsTheOidWhereThereIsNoName) {
  EXPECT_EQ(algorithm_name(from_hex("300506032a0304", "the test")), "1.2.3.4");
}

}  // namespace
}  // namespace p11csr::x509
