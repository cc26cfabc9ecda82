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

/// curve_kind is the kind of key that CKA_EC_PARAMS name; empty where they are absent or not understood.
[[nodiscard]] std::optional<KeySpec> curve_kind(const AttributeValues& values);

}  // namespace p11csr::pkcs11
