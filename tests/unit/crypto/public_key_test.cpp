#include <gtest/gtest.h>

#include <p11csr/crypto/public_key.hpp>

#include "crypto/openssl_error.hpp"
#include "unit/crypto/error_of.hpp"
#include "unit/x509/software_signer.hpp"
#include "unit/x509/vectors.hpp"
#include "x509/armor.hpp"
#include "x509/document.hpp"

namespace p11csr::crypto {
namespace {

using test::error_of;
namespace vectors = test::vectors;

Bytes hex(std::string_view text) { return from_hex(text, "the test"); }

Bytes key_in_request(std::string_view pem) {
  const Bytes der = x509::read_pem(as_bytes(pem)).der;
  const ByteView key = x509::request_key(x509::split_signed(der).to_be_signed);
  return {key.begin(), key.end()};
}

/// The point inside p256_spki.
const Bytes& point() {
  static const Bytes octets = [] {
    const Bytes spki = hex(vectors::p256_spki);
    return Bytes(spki.end() - 65, spki.end());
  }();
  return octets;
}

Bytes modulus(std::size_t octets) {
  Bytes number(octets, 0xff);
  return number;
}

const Bytes f4 = {0x01, 0x00, 0x01};

void expect_malformed(const Error& error, std::string_view message) {
  EXPECT_EQ(error.code(), Errc::malformed_input);
  EXPECT_EQ(std::string_view(error.what()), message);
}

TEST(EcKeyTest, IsEncodedWithItsCurveByName) {
  EXPECT_EQ(to_hex(PublicKey::from_ec_point(NamedCurve::p256, point()).spki()), vectors::p256_spki);
}
TEST(EcKeyTest, IsEncodedUncompressedWhenItCameCompressed) {
  Bytes compressed(point().begin(), point().begin() + 33);
  compressed[0] = static_cast<std::uint8_t>(0x02 | (point().back() & 1));
  EXPECT_EQ(to_hex(PublicKey::from_ec_point(NamedCurve::p256, compressed).spki()), vectors::p256_spki);
}
TEST(EcKeyTest, RefusesAPointOffTheCurve) {
  Bytes off = point();
  off.back() ^= 1;
  expect_malformed(error_of([&] { return PublicKey::from_ec_point(NamedCurve::p256, off); }),
                   "the EC point is not on P-256");
}
TEST(EcKeyTest, RefusesAPointOfAnotherCurve) {
  expect_malformed(error_of([] { return PublicKey::from_ec_point(NamedCurve::secp256k1, point()); }),
                   "the EC point is not on secp256k1");
}
TEST(EcKeyTest, RefusesInfinityHybridFormsAndNothing) {
  Bytes hybrid = point();
  hybrid[0] = static_cast<std::uint8_t>(0x06 | (point().back() & 1));
  for (const Bytes& octets : {Bytes{0x00}, hybrid, Bytes{}}) {
    EXPECT_EQ(error_of([&] { return PublicKey::from_ec_point(NamedCurve::p256, octets); }).code(),
              Errc::malformed_input);
  }
}
TEST(EcKeyTest, RefusesAPointWithSomethingBehindIt) {
  Bytes longer = point();
  longer.push_back(0);
  EXPECT_EQ(error_of([&] { return PublicKey::from_ec_point(NamedCurve::p256, longer); }).code(), Errc::malformed_input);
}

TEST(SpkiTest, TurnsExplicitParametersIntoTheCurvesName) {
  const auto key = PublicKey::from_spki(hex(vectors::p256_explicit_spki));
  EXPECT_EQ(to_hex(key.spki()), vectors::p256_spki);
  EXPECT_EQ(key.kind(), KeySpec(EcKey{NamedCurve::p256}));
}
TEST(SpkiTest, RefusesExplicitParametersOfNoKnownCurve) {
  Bytes spki = hex(vectors::p256_explicit_spki);
  spki[130] ^= 1;  // in the coefficient b
  EXPECT_EQ(error_of([&] { return PublicKey::from_spki(spki); }).code(), Errc::malformed_input);
}
TEST(SpkiTest, ReadsBackEachNamedCurve) {
  for (const auto& known : named_curves()) {
    const Bytes spki = test::spki_of(test::generate_key(EcKey{known.curve}).get());
    const auto key = PublicKey::from_spki(spki);
    EXPECT_EQ(key.spki(), spki) << known.name;
    EXPECT_EQ(key.kind(), KeySpec(EcKey{known.curve})) << known.name;
  }
}
TEST(SpkiTest, ReadsBackAnRsaKey) {
  const Bytes spki = test::spki_of(test::generate_key(RsaKey{2048}).get());
  const auto key = PublicKey::from_spki(spki);
  EXPECT_EQ(key.spki(), spki);
  EXPECT_EQ(key.kind(), KeySpec(RsaKey{2048}));
}
TEST(SpkiTest, ReadsBackEdwardsKeys) {
  for (const EdwardsCurve curve : {EdwardsCurve::ed25519, EdwardsCurve::ed448}) {
    const Bytes spki = test::spki_of(test::generate_key(EdwardsKey{curve}).get());
    const auto key = PublicKey::from_spki(spki);
    EXPECT_EQ(key.spki(), spki);
    EXPECT_EQ(key.kind(), KeySpec(EdwardsKey{curve}));
  }
}
TEST(SpkiTest, KeepsAnRsaPssKeyAsItIs) {
  const Bytes spki = key_in_request(vectors::pss_key_request);
  const auto key = PublicKey::from_spki(spki);
  EXPECT_EQ(key.spki(), spki);
  EXPECT_EQ(key.kind(), KeySpec(RsaKey{1024}));
}
TEST(SpkiTest, RefusesAnUnsupportedCurveByName) {
  expect_malformed(error_of([] { return PublicKey::from_spki(key_in_request(vectors::p224_request)); }),
                   "the curve 'secp224r1' is not supported");
}
TEST(SpkiTest, RefusesAnUnsupportedKindByName) {
  expect_malformed(error_of([] { return PublicKey::from_spki(key_in_request(vectors::dsa_request)); }),
                   "a key of the kind 'dsaEncryption' is not supported");
}
TEST(SpkiTest, RefusesBytesBehindTheEnd) {
  Bytes spki = hex(vectors::p256_spki);
  spki.push_back(0);
  expect_malformed(error_of([&] { return PublicKey::from_spki(spki); }),
                   "the SubjectPublicKeyInfo has 1 bytes behind its end");
}
TEST(SpkiTest, RefusesEveryTruncation) {
  const Bytes spki = hex(vectors::p256_spki);
  for (std::size_t size = 0; size < spki.size(); ++size) {
    EXPECT_EQ(error_of([&] { return PublicKey::from_spki(ByteView(spki).first(size)); }).code(), Errc::malformed_input);
  }
}
TEST(SpkiTest, RefusesParametersOfAnEdwardsKey) {
  const Bytes spki = hex("302c300706032b65700500032100" + std::string(64, '1'));
  expect_malformed(error_of([&] { return PublicKey::from_spki(spki); }), "the key's ED25519 has parameters");
}

TEST(RsaKeyTest, IgnoresLeadingZeros) {
  Bytes padded = modulus(256);
  padded.insert(padded.begin(), 3, 0);
  EXPECT_EQ(PublicKey::from_rsa(padded, Bytes{0, 0, 1, 0, 1}), PublicKey::from_rsa(modulus(256), f4));
}
TEST(RsaKeyTest, CountsTheBitsOfTheModulus) {
  Bytes number = modulus(256);
  number[0] = 0x01;
  EXPECT_EQ(PublicKey::from_rsa(number, f4).kind(), KeySpec(RsaKey{2041}));
}
TEST(RsaKeyTest, RefusesAnEvenModulus) {
  Bytes even = modulus(256);
  even.back() = 0xfe;
  expect_malformed(error_of([&] { return PublicKey::from_rsa(even, f4); }), "the RSA modulus is even");
}
TEST(RsaKeyTest, RefusesBadExponents) {
  for (const Bytes& exponent : {Bytes{}, Bytes{0}, Bytes{1}, Bytes{2}, Bytes{4}, modulus(256), modulus(257)}) {
    expect_malformed(error_of([&] { return PublicKey::from_rsa(modulus(256), exponent); }),
                     "the RSA exponent is not an odd number of at least 3 below the modulus");
  }
}
TEST(RsaKeyTest, AcceptsTheExponentThree) {
  EXPECT_NO_THROW(static_cast<void>(PublicKey::from_rsa(modulus(256), Bytes{3})));
}
TEST(RsaKeyTest, RefusesAShortModulus) {
  expect_malformed(error_of([] { return PublicKey::from_rsa(modulus(64), f4); }),
                   "an RSA modulus of 512 bits is not supported (1024 to 16384 are)");
}
TEST(RsaKeyTest, RefusesALongModulus) {
  EXPECT_EQ(error_of([] { return PublicKey::from_rsa(modulus(2049), f4); }).code(), Errc::malformed_input);
}
TEST(RsaKeyTest, RefusesAnEmptyModulus) {
  EXPECT_EQ(error_of([] { return PublicKey::from_rsa({}, f4); }).code(), Errc::malformed_input);
}

TEST(EdwardsKeyTest, RefusesAnotherLength) {
  expect_malformed(error_of([] { return PublicKey::from_edwards(EdwardsCurve::ed448, Bytes(56)); }),
                   "a key of Ed448 has 57 octets, not 56");
}
// RFC 8032, 7.1 and 7.4, the first test each.
constexpr const char* ed25519_point = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
constexpr const char* ed448_point =
    "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe82561"
    "80";

TEST(EdwardsKeyTest, HasAbsentParameters) {
  EXPECT_EQ(to_hex(PublicKey::from_edwards(EdwardsCurve::ed25519, from_hex(ed25519_point, "the test")).spki()),
            std::string("302a300506032b6570032100") + ed25519_point);
  EXPECT_EQ(PublicKey::from_edwards(EdwardsCurve::ed448, from_hex(ed448_point, "the test")).kind(),
            KeySpec(EdwardsKey{EdwardsCurve::ed448}));
}
TEST(EdwardsKeyTest, RefusesPointsOfSmallOrder) {
  const std::string zeros(62, '0');
  const std::string ones(60, 'f');
  for (const std::string& octets :
       {"00" + zeros, "00" + zeros.substr(2) + "80", "01" + zeros, "ec" + ones + "7f", "ec" + ones + "ff",
        std::string("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        std::string("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
        std::string("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        std::string("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85")}) {
    expect_malformed(
        error_of([&] { return PublicKey::from_edwards(EdwardsCurve::ed25519, from_hex(octets, "the test")); }),
        "the key is a point of small order on Ed25519, whose signatures prove nothing");
  }
  for (const std::string& octets : {"00" + std::string(112, '0'), "01" + std::string(112, '0'),
                                    "fe" + std::string(54, 'f') + "fe" + std::string(54, 'f') + "00"}) {
    const Bytes raw = from_hex(octets, "the test");
    expect_malformed(error_of([&] { return PublicKey::from_edwards(EdwardsCurve::ed448, raw); }),
                     "the key is a point of small order on Ed448, whose signatures prove nothing");
  }
}
TEST(EdwardsKeyTest, RefusesWhatIsNoPoint) {
  const std::string ones(60, 'f');
  for (const std::string& octets : {"ed" + ones + "7f", "ee" + ones + "ff", "02" + std::string(62, '0')}) {
    expect_malformed(
        error_of([&] { return PublicKey::from_edwards(EdwardsCurve::ed25519, from_hex(octets, "the test")); }),
        "the key is no point of Ed25519");
  }
  EXPECT_EQ(error_of([] { return PublicKey::from_edwards(EdwardsCurve::ed448, Bytes(57, 0x7f)); }).code(),
            Errc::malformed_input);
}

TEST(CertificateKeyTest, IsTheKeyInside) {
  const Bytes der = x509::read_pem(as_bytes(vectors::root_certificate)).der;
  EXPECT_EQ(to_hex(PublicKey::from_certificate(der).spki()), vectors::p256_spki);
}
TEST(CertificateKeyTest, RefusesBytesBehindTheCertificate) {
  Bytes der = x509::read_pem(as_bytes(vectors::root_certificate)).der;
  der.push_back(0);
  EXPECT_EQ(error_of([&] { return PublicKey::from_certificate(der); }).code(), Errc::malformed_input);
}
TEST(CertificateKeyTest, RefusesARequest) {
  const Bytes der = x509::read_pem(as_bytes(vectors::full_request)).der;
  EXPECT_EQ(error_of([&] { return PublicKey::from_certificate(der); }).code(), Errc::malformed_input);
}

TEST(CurveOfParametersTest, ReadsAnOid) {
  EXPECT_EQ(curve_of_parameters(hex("06052b8104000a")), NamedCurve::secp256k1);
}
TEST(CurveOfParametersTest, RefusesOthers) {
  for (const char* text : {"", "0500", "3000", "0600", "06052b8104000a00", "130c656477617264733235353139"}) {
    EXPECT_EQ(error_of([&] { return curve_of_parameters(hex(text)); }).code(), Errc::malformed_input) << text;
  }
}

TEST(SpkiSha256Test, IsTheHashOfTheDer) {
  // openssl pkey -pubout -outform DER | sha256sum
  EXPECT_EQ(PublicKey::from_spki(hex(vectors::p256_spki)).spki_sha256(),
            "ed648e679c74f2be2af6e796d15b15674d15ec27b714ddd670be62565760ab79");
}

TEST(OpensslErrorTest, LeavesNoErrorBehindAfterARefusal) {
  static_cast<void>(error_of([] { return PublicKey::from_ec_point(NamedCurve::p256, Bytes(65, 4)); }));
  EXPECT_STREQ(openssl_error(Errc::unexpected, "nothing happened").what(), "nothing happened");
}

}  // namespace
}  // namespace p11csr::crypto
