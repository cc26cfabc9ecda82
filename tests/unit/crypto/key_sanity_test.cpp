#include <gtest/gtest.h>

#include <p11csr/crypto/key_sanity.hpp>

#include "unit/crypto/weak_moduli.hpp"
#include "unit/x509/vectors.hpp"

namespace p11csr::crypto {
namespace {

constexpr unsigned bits = 1024;

Bytes hex(std::string_view digits) { return from_hex(digits, "the test"); }

TEST(RsaModulusFlawsTest, FindsNoneInASoundModulus) {
  const RsaModulusFlaws flaws = rsa_modulus_flaws(test::sound_modulus(bits));
  EXPECT_FALSE(flaws.small_factor);
  EXPECT_FALSE(flaws.close_primes);
  EXPECT_FALSE(flaws.roca);
}
TEST(RsaModulusFlawsTest, FindsTheFingerprintOfRoca) {
  const RsaModulusFlaws flaws = rsa_modulus_flaws(test::roca_modulus(bits));
  EXPECT_TRUE(flaws.roca);
  EXPECT_FALSE(flaws.small_factor);
  EXPECT_FALSE(flaws.close_primes);
}
TEST(RsaModulusFlawsTest, NamesTheSmallestFactorUpTo751) {
  for (const unsigned factor : {3U, 5U, 167U, 173U, 743U, 751U}) {
    EXPECT_EQ(rsa_modulus_flaws(test::modulus_with_factor(bits, factor)).small_factor, factor);
  }
}
TEST(RsaModulusFlawsTest, DoesNotLookForFactorsBehind751) {
  EXPECT_FALSE(rsa_modulus_flaws(test::modulus_with_factor(bits, 757)).small_factor);
}
TEST(RsaModulusFlawsTest, FindsNeighbouringPrimes) {
  EXPECT_TRUE(rsa_modulus_flaws(test::close_modulus(bits)).close_primes);
}
TEST(RsaModulusFlawsTest, FindsASquare) {
  // 1009^2
  EXPECT_TRUE(rsa_modulus_flaws(hex("0f88e1")).close_primes);
}
TEST(RsaModulusFlawsTest, FindsCloseFactorsOfEachSmallDistance) {
  // The method takes (p - q)^2 / (8 * sqrt(n)) rounds, here far below a hundred.
  for (const std::uint64_t q : {1000003ULL, 1000033ULL, 1000999ULL, 1010003ULL}) {
    std::uint64_t n = 1000003ULL * q;
    Bytes octets(8);
    for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet, n >>= 8) *octet = static_cast<std::uint8_t>(n);
    EXPECT_TRUE(rsa_modulus_flaws(octets).close_primes) << q;
  }
}
TEST(RsaModulusFlawsTest, StopsAfterAHundredRounds) {
  // 1000003 * 1100009 needs 1,192 rounds.
  EXPECT_FALSE(rsa_modulus_flaws(hex("01001dd7a6fb")).close_primes);
}
TEST(RsaModulusFlawsTest, LeavesAnEvenOrEmptyNumberAlone) {
  EXPECT_FALSE(rsa_modulus_flaws(hex("10")).small_factor);
  EXPECT_FALSE(rsa_modulus_flaws({}).close_primes);
}

TEST(IsPointOnCurveTest, TakesThePointOfAKey) {
  const Bytes spki = hex(test::vectors::p256_spki);
  const ByteView point = ByteView(spki).last(65);
  EXPECT_TRUE(is_point_on_curve(NamedCurve::p256, point));
  EXPECT_FALSE(is_point_on_curve(NamedCurve::secp256k1, point));
}
TEST(IsPointOnCurveTest, RefusesInfinityAndHybridForms) {
  Bytes hybrid = hex(test::vectors::p256_spki);
  hybrid.erase(hybrid.begin(), hybrid.end() - 65);
  hybrid[0] = static_cast<std::uint8_t>(6 + (hybrid[64] & 1));
  EXPECT_FALSE(is_point_on_curve(NamedCurve::p256, hybrid));
  EXPECT_FALSE(is_point_on_curve(NamedCurve::p256, hex("00")));
  EXPECT_FALSE(is_point_on_curve(NamedCurve::p256, {}));
}

}  // namespace
}  // namespace p11csr::crypto
