#include <gtest/gtest.h>

#include <p11csr/crypto/public_key.hpp>

#include "unit/crypto/error_of.hpp"

namespace p11csr::crypto {
namespace {

using test::error_of;

TEST(EcdsaToDerTest, PutsASignOctetBeforeAHighBit) {
  EXPECT_EQ(to_hex(ecdsa_to_der(Bytes{0x80, 0x01})),
            "30070202008002"
            "0101");
}
TEST(EcdsaToDerTest, DropsLeadingZeros) {
  EXPECT_EQ(to_hex(ecdsa_to_der(Bytes{0x00, 0x00, 0x05, 0x00, 0x7f, 0xff})), "300702010502027fff");
}
TEST(EcdsaToDerTest, RefusesAnOddLength) {
  EXPECT_EQ(error_of([] { return ecdsa_to_der(Bytes{1, 2, 3}); }).code(), Errc::malformed_input);
}
TEST(EcdsaToDerTest, RefusesNothing) {
  EXPECT_EQ(error_of([] { return ecdsa_to_der({}); }).code(), Errc::malformed_input);
}
TEST(EcdsaToDerTest, RefusesALengthOfNoCurve) {
  EXPECT_EQ(error_of([] { return ecdsa_to_der(Bytes(100000)); }).code(), Errc::malformed_input);
}

// The prefixes of RFC 8017, 9.2, note 1.
TEST(DigestInfoTest, HasThePrefixOfSha256) {
  EXPECT_EQ(to_hex(digest_info(Digest::sha256, Bytes(32, 0xaa))),
            "3031300d060960864801650304020105000420" + to_hex(Bytes(32, 0xaa)));
}
TEST(DigestInfoTest, HasThePrefixOfSha384) {
  EXPECT_EQ(to_hex(digest_info(Digest::sha384, Bytes(48, 0xaa))),
            "3041300d060960864801650304020205000430" + to_hex(Bytes(48, 0xaa)));
}
TEST(DigestInfoTest, HasThePrefixOfSha512) {
  EXPECT_EQ(to_hex(digest_info(Digest::sha512, Bytes(64, 0xaa))),
            "3051300d060960864801650304020305000440" + to_hex(Bytes(64, 0xaa)));
}
TEST(DigestInfoTest, RefusesADigestOfAnotherLength) {
  EXPECT_EQ(error_of([] { return digest_info(Digest::sha256, Bytes(20)); }).code(), Errc::malformed_input);
}

}  // namespace
}  // namespace p11csr::crypto
