#pragma once

#include <optional>
#include <vector>

#include <p11csr/crypto/public_key.hpp>

#include "pkcs11/attributes.hpp"

namespace p11csr::pkcs11 {

/// public_key_attribute_types are what public_key_of needs to have been read, besides CKA_KEY_TYPE.
[[nodiscard]] const std::vector<CK_ATTRIBUTE_TYPE>& public_key_attribute_types();

/// public_key_of makes the public key out of a key object's attributes: CKA_PUBLIC_KEY_INFO where it has a value,
/// CKA_MODULUS and CKA_PUBLIC_EXPONENT, or CKA_EC_PARAMS and CKA_EC_POINT. The point may be a DER OCTET STRING
/// (PKCS #11 Mechanisms 2.40, 2.3.3), a BIT STRING (3.0) or raw; the parameters an OID, a PrintableString or explicit.
/// Empty where the object does not have them (a private EC key mostly lacks the point).
/// Throws Error(token_failed) for a key that is there but is none.
[[nodiscard]] std::optional<crypto::PublicKey> public_key_of(const AttributeValues& values);

/// ml_dsa_attribute_types are what ml_dsa_key_of needs to have been read of a public key. They are asked for of ML-DSA
/// keys alone, and CKA_VALUE of public ones alone: of a private key it is the secret.
[[nodiscard]] const std::vector<CK_ATTRIBUTE_TYPE>& ml_dsa_attribute_types();

/// ml_dsa_key_of makes the public key out of CKA_PARAMETER_SET and CKA_VALUE (PKCS #11 3.2, 6.67.2). Empty and Error as
/// with public_key_of.
[[nodiscard]] std::optional<crypto::PublicKey> ml_dsa_key_of(const AttributeValues& values);

/// curve_kind is the kind of key that CKA_EC_PARAMS name; empty where they are absent or not understood.
[[nodiscard]] std::optional<KeySpec> curve_kind(const AttributeValues& values);

/// edwards_name and edwards_oid are the CKA_EC_PARAMS of an Edwards curve: a PrintableString (PKCS #11 3.0, 2.3.5), and
/// the OID of RFC 8410, 3.
[[nodiscard]] Bytes edwards_name(EdwardsCurve curve);
[[nodiscard]] Bytes edwards_oid(EdwardsCurve curve);

/// parameter_set_kind is the kind of ML-DSA key that CKA_PARAMETER_SET names; empty likewise.
[[nodiscard]] std::optional<KeySpec> parameter_set_kind(const AttributeValues& values);

/// parameter_set_number is the value of CKA_PARAMETER_SET: CKP_ML_DSA_44 and so on (PKCS #11 3.2, 6.67.2).
[[nodiscard]] CK_ULONG parameter_set_number(MlDsaSet set);

}  // namespace p11csr::pkcs11
