#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/x509/description.hpp>

#include "crypto/pem.hpp"
#include "unit/crypto/error_of.hpp"
#include "unit/x509/forged_request.hpp"
#include "unit/x509/software_signer.hpp"
#include "unit/x509/vectors.hpp"
#include "x509/armor.hpp"

namespace p11csr::x509 {
namespace {

using crypto::to_pem;
using test::error_of;
using testing::HasSubstr;
namespace vectors = test::vectors;

std::string refusal(ByteView input) {
  const Error error = error_of([&] { return describe(input); });
  EXPECT_EQ(error.code(), Errc::malformed_input);
  return error.what();
}

std::string refusal(std::string_view input) { return refusal(as_bytes(input)); }

Bytes der_of(std::string_view pem) { return read_pem(as_bytes(pem)).der; }

/// Whether the input is described; anything but an Error(malformed_input) escapes and fails the test.
bool describable(ByteView input) {
  try {
    static_cast<void>(describe(input));
    return true;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::malformed_input) << error.what();
    return false;
  }
}

TEST(InputTest, ReadsPemAndDerAlike) {
  EXPECT_EQ(describe(der_of(vectors::full_request)).der, describe(as_bytes(vectors::full_request)).der);
}
TEST(InputTest, ReadsTheOlderLabel) {
  EXPECT_EQ(describe(as_bytes(to_pem("NEW CERTIFICATE REQUEST", der_of(vectors::full_request)))).kind,
            DocumentKind::certification_request);
}
TEST(InputTest, ReadsPemWithTextAround) {
  const std::string text = "Subject: web-01\r\n  \n0123\n" + std::string(vectors::full_request) + "\nbye\n";
  EXPECT_EQ(describe(as_bytes(text)).verdict, SignatureVerdict::valid);
}
TEST(InputTest, ReadsPemWithCarriageReturns) {
  std::string text;
  for (const char c : vectors::full_request) {
    text += c == '\n' ? "\r\n" : std::string(1, c);
  }
  EXPECT_EQ(describe(as_bytes(text)).verdict, SignatureVerdict::valid);
}
TEST(InputTest, TakesDerWithAPemBoundaryInANameForDer) {
  const std::string name = "-----BEGIN CERTIFICATE-----";
  const Bytes der = test::ForgedRequest().add_name("2.5.4.3", V_ASN1_UTF8STRING, name).der();
  EXPECT_EQ(describe(der).subject, "CN=" + name);
}

TEST(RefusedInputTest, IsNothing) { EXPECT_EQ(refusal(""), "the input is empty"); }
TEST(RefusedInputTest, IsText) { EXPECT_EQ(refusal("hello, world\n"), "the input is neither PEM nor DER"); }
TEST(RefusedInputTest, IsTooLong) {
  EXPECT_EQ(refusal(Bytes(8UL << 20, 0x30)),
            "the input is 8388608 bytes long; a request or certificate has at most 1048576");
}
TEST(RefusedInputTest, IsAMegabyteOfOneOctet) {
  for (const int octet : {0x00, 0x30, 0x41, 0x80, 0xff}) {
    static_cast<void>(refusal(Bytes(1UL << 20, static_cast<std::uint8_t>(octet))));
  }
}
TEST(RefusedInputTest, HasSomethingBehindTheDer) {
  Bytes der = der_of(vectors::full_request);
  der.push_back('\n');
  EXPECT_EQ(refusal(der), "the input has 1 bytes behind its end");
}
TEST(RefusedInputTest, HasSomethingBehindTheDerInsidePem) {
  Bytes der = der_of(vectors::full_request);
  der.push_back(0);
  EXPECT_EQ(refusal(to_pem("CERTIFICATE REQUEST", der)), "the input has 1 bytes behind its end");
}
TEST(RefusedInputTest, IsTwoPemBlocks) {
  EXPECT_EQ(refusal(std::string(vectors::full_request) + std::string(vectors::sha1_request)),
            "there is more than one PEM block in the input");
}
TEST(RefusedInputTest, IsAPemBlockWithoutItsEnd) {
  EXPECT_THAT(refusal(vectors::full_request.substr(0, 300)), HasSubstr("the PEM block cannot be read"));
}
TEST(RefusedInputTest, IsARequestLabelledAsACertificate) {
  EXPECT_EQ(refusal(to_pem("CERTIFICATE", der_of(vectors::full_request))),
            "the input is no well-formed certification request or certificate");
}
TEST(RefusedInputTest, IsAPrivateKeyInPem) {
  EXPECT_EQ(refusal(to_pem("EC PRIVATE KEY", Bytes(10))),
            "the input is a private key (PEM 'EC PRIVATE KEY'), neither a certification request nor a certificate");
}
TEST(RefusedInputTest, IsAnotherPemBlock) {
  EXPECT_EQ(refusal(to_pem("X509 CRL", Bytes(10))),
            "the input is something else (PEM 'X509 CRL'), neither a certification request nor a certificate");
}
TEST(RefusedInputTest, IsEncryptedPem) {
  EXPECT_THAT(refusal("-----BEGIN CERTIFICATE REQUEST-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-CBC,00\n\nAAAA\n"
                      "-----END CERTIFICATE REQUEST-----\n"),
              HasSubstr("is encrypted"));
}
TEST(RefusedInputTest, IsAPublicKeyInDer) {
  EXPECT_EQ(refusal(from_hex(vectors::p256_spki, "the test")),
            "the input is a public key, neither a certification request nor a certificate");
}
TEST(RefusedInputTest, IsAPrivateKeyInDer) {
  const auto key = test::generate_key(EdwardsKey{EdwardsCurve::ed25519});
  unsigned char* octets = nullptr;
  const int size = i2d_PrivateKey(key.get(), &octets);
  const crypto::OwnedMemory owner(octets);
  EXPECT_EQ(refusal(ByteView(octets, static_cast<std::size_t>(size))),
            "the input is a private key, neither a certification request nor a certificate");
}

TEST(HostileInputTest, IsRefusedWhenCutAnywhere) {
  for (const std::string_view pem : {vectors::full_request, vectors::leaf_certificate}) {
    const Bytes der = der_of(pem);
    for (std::size_t size = 0; size < der.size(); ++size) {
      EXPECT_FALSE(describable(ByteView(der).first(size))) << size;
    }
  }
}
TEST(HostileInputTest, IsRefusedOrDescribedWhenAnyOctetIsChanged) {
  for (const std::string_view pem :
       {vectors::full_request, vectors::leaf_certificate, vectors::explicit_curve_request, vectors::pss_key_request}) {
    Bytes der = der_of(pem);
    for (std::uint8_t& octet : der) {
      for (const std::uint8_t change : Bytes{0x01, 0x80, 0xff}) {
        octet = static_cast<std::uint8_t>(octet ^ change);
        static_cast<void>(describable(der));
        octet = static_cast<std::uint8_t>(octet ^ change);
      }
    }
  }
}
TEST(HostileInputTest, NeverHasAValidSignatureWhenWhatIsSignedWasChanged) {
  Bytes der = der_of(vectors::full_request);
  const std::size_t end = 4 + describe(der).to_be_signed.size();
  for (std::size_t i = 4; i < end; ++i) {
    der[i] = static_cast<std::uint8_t>(der[i] ^ 0x01);
    try {
      EXPECT_NE(describe(der).verdict, SignatureVerdict::valid) << i;
    } catch (const Error&) {
      // refused, which is as good
    }
    der[i] = static_cast<std::uint8_t>(der[i] ^ 0x01);
  }
}
TEST(HostileInputTest, IsRefusedOrDescribedWhenAnyCharacterOfPemIsChanged) {
  std::string text(vectors::full_request);
  for (char& c : text) {
    const char kept = c;
    for (const char change : {'-', '\n', '\0', 'A', '='}) {
      c = change;
      static_cast<void>(describable(as_bytes(text)));
    }
    c = kept;
  }
}

}  // namespace
}  // namespace p11csr::x509
