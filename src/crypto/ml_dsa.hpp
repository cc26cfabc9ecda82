#pragma once

#include <optional>

#include <p11csr/model/key_spec.hpp>

#include "crypto/openssl.hpp"

namespace p11csr::crypto {

/// ml_dsa_object is the OID of a parameter set. OpenSSL has numbers for them since 3.5 only.
[[nodiscard]] ObjectHandle ml_dsa_object(MlDsaSet set);
/// ml_dsa_set is the parameter set that an OID names.
[[nodiscard]] std::optional<MlDsaSet> ml_dsa_set(const ASN1_OBJECT* object);

/// ml_dsa_key is OpenSSL's key of the octets; null where it does not know the algorithm.
[[nodiscard]] KeyHandle ml_dsa_key(MlDsaSet set, ByteView raw);
/// can_verify_ml_dsa tells whether the OpenSSL that runs has the algorithm.
[[nodiscard]] bool can_verify_ml_dsa(MlDsaSet set);

}  // namespace p11csr::crypto
