#pragma once

#include <optional>
#include <string>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/key_spec.hpp>

#include "crypto/der.hpp"
#include "crypto/openssl.hpp"

namespace p11csr::crypto {

/// SpkiParts are the pieces of a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7), as views into it.
struct SpkiParts {
  int algorithm;                   // NID
  std::optional<MlDsaSet> ml_dsa;  // where the algorithm is ML-DSA, which has a NID in some OpenSSL only
  std::string algorithm_name;
  std::optional<DerElement> parameters;
  ByteView key;
};

/// split_spki throws Error(malformed_input) when the DER is no SubjectPublicKeyInfo or something is behind it.
[[nodiscard]] SpkiParts split_spki(ByteView der);

/// RsaNumbers are modulus and exponent, big-endian, without leading zeros; views into what they were read from.
struct RsaNumbers {
  ByteView modulus;
  ByteView exponent;
};

/// split_rsa_key reads an RSAPublicKey (RFC 8017, A.1.1). Throws Error(malformed_input).
[[nodiscard]] RsaNumbers split_rsa_key(ByteView der);

[[nodiscard]] Bytes rsa_spki(ByteView modulus, ByteView exponent);
[[nodiscard]] Bytes ec_spki(NamedCurve curve, ByteView uncompressed_point);
[[nodiscard]] Bytes edwards_spki(EdwardsCurve curve, ByteView raw);
[[nodiscard]] Bytes ml_dsa_spki(MlDsaSet set, ByteView raw);

/// group_of is OpenSSL's group of a curve, made at first use; any thread may use it. It lives as long as the program.
[[nodiscard]] const EC_GROUP* group_of(NamedCurve curve);
/// point_on reads an EC point (SEC 1, 2.3.3); null where it is none of the curve, or no key of it.
[[nodiscard]] PointHandle point_on(NamedCurve curve, ByteView point);
/// curve_nid is OpenSSL's number of a curve.
[[nodiscard]] int curve_nid(NamedCurve curve);
/// edwards_nid is OpenSSL's number of an Edwards curve, for its keys and its signatures alike (RFC 8410, 3).
[[nodiscard]] int edwards_nid(EdwardsCurve curve);

/// object_name is OpenSSL's long name of an object (of ML-DSA that of OpenSSL 3.5), or the dotted OID where it has
/// none.
[[nodiscard]] std::string object_name(const ASN1_OBJECT* object);
/// dotted is the OID in dotted form.
[[nodiscard]] std::string dotted(const ASN1_OBJECT* object);

}  // namespace p11csr::crypto
