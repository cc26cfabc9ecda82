#pragma once

#include <memory>
#include <string>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/key_spec.hpp>
#include <p11csr/model/signature_algorithm.hpp>

#pragma GCC visibility push(default)
namespace p11csr::crypto {

/// PublicKey is a checked public key: its DER SubjectPublicKeyInfo and what kind it is. An EC or Edwards
/// point is on its curve, the latter not of small order, an RSA modulus is odd and its exponent is odd and at least 3,
/// an ML-DSA key has its set's length. Compared by value.
class PublicKey {
 public:
  /// Each throws Error(malformed_input) when the parts are no such key.
  /// from_rsa: modulus and exponent as unsigned big-endian numbers, leading zeros allowed.
  [[nodiscard]] static PublicKey from_rsa(ByteView modulus, ByteView exponent);
  /// from_ec_point: the point in the uncompressed or compressed form of SEC 1, 2.3.3.
  [[nodiscard]] static PublicKey from_ec_point(NamedCurve curve, ByteView point);
  /// from_edwards: the 32 or 57 octets of RFC 8032, 5.1.5 and 5.2.5.
  [[nodiscard]] static PublicKey from_edwards(EdwardsCurve curve, ByteView raw);
  /// from_ml_dsa: the octets of FIPS 204, algorithm 22 (pkEncode).
  [[nodiscard]] static PublicKey from_ml_dsa(MlDsaSet set, ByteView raw);
  /// from_spki: a DER SubjectPublicKeyInfo with nothing behind it; explicit EC parameters of a known curve are turned
  /// into its OID.
  [[nodiscard]] static PublicKey from_spki(ByteView der);
  /// from_certificate: the key of a DER certificate.
  [[nodiscard]] static PublicKey from_certificate(ByteView der);

  /// spki is the DER SubjectPublicKeyInfo (RFC 5280, 4.1).
  [[nodiscard]] const Bytes& spki() const noexcept { return spki_; }
  /// kind is the algorithm with its size or curve.
  [[nodiscard]] const KeySpec& kind() const noexcept { return kind_; }
  /// spki_sha256 is the SHA-256 of the SubjectPublicKeyInfo in lower-case hexadecimal.
  [[nodiscard]] std::string spki_sha256() const;
  /// pem is RFC 7468 text "-----BEGIN PUBLIC KEY-----" with a final newline.
  [[nodiscard]] std::string pem() const;
  /// verify tells whether the signature (as X.509 has it) over data is this key's. Never throws for a wrong signature;
  /// false too where can_verify is.
  [[nodiscard]] bool verify(const SignatureAlgorithm& algorithm, ByteView data, ByteView signature) const;
  /// may_have_made tells what shows of a signature where it cannot be verified: whether the algorithm is one of the
  /// key's kind, and the length, where it has a fixed one, is right.
  [[nodiscard]] bool may_have_made(const SignatureAlgorithm& algorithm, ByteView signature) const;

  /// Two keys are equal where their SubjectPublicKeyInfo is.
  friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.spki_ == b.spki_; }

 private:
  struct Loaded;
  PublicKey(Bytes spki, KeySpec kind);
  Bytes spki_;
  KeySpec kind_;
  std::shared_ptr<Loaded> loaded_;  // OpenSSL's form, made for the first signature and shared by copies
};

/// can_verify tells whether the OpenSSL that runs can verify such signatures: ML-DSA is there from 3.5 on.
[[nodiscard]] bool can_verify(const SignatureAlgorithm& algorithm);

/// curve_of_parameters reads an ECParameters DER (RFC 5480, 2.1.1): an OID, or explicit parameters of a known curve.
/// Throws Error(malformed_input).
[[nodiscard]] NamedCurve curve_of_parameters(ByteView der);

/// parameters_of_curve is the ECParameters DER that names the curve by its OID.
[[nodiscard]] Bytes parameters_of_curve(NamedCurve curve);

/// ecdsa_to_der turns r||s (two numbers of equal length, big-endian) into ECDSA-Sig-Value (RFC 3279, 2.2.3).
/// Throws Error(malformed_input) for an empty or odd length.
[[nodiscard]] Bytes ecdsa_to_der(ByteView r_and_s);

/// digest_info is the DER DigestInfo of PKCS #1 (RFC 8017, 9.2) around a finished digest, for CKM_RSA_PKCS.
[[nodiscard]] Bytes digest_info(Digest algorithm, ByteView digest);

}  // namespace p11csr::crypto
#pragma GCC visibility pop
