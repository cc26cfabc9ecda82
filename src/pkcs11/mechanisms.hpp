#pragma once

#include <string>
#include <vector>

#include <p11csr/model/key_spec.hpp>
#include <p11csr/model/signature_algorithm.hpp>

#include "pkcs11/cryptoki.hpp"

namespace p11csr::pkcs11 {

/// mechanism_name is "CKM_ECDSA_SHA256", or a hexadecimal number for a mechanism without a known name.
[[nodiscard]] std::string mechanism_name(CK_MECHANISM_TYPE mechanism);

/// generation_mechanism is the one that makes such a key pair (PKCS #11 Mechanisms 2.40, 2.1.2, 2.3.5; 3.0, 2.3.10;
/// 3.2, 6.67.4).
[[nodiscard]] CK_MECHANISM_TYPE generation_mechanism(const KeySpec& key);

/// WhoHashes says where the message is digested.
enum class WhoHashes { token, host };

/// SigningMechanism is one way to make a signature on a token.
struct SigningMechanism {
  CK_MECHANISM_TYPE type;
  WhoHashes hashes;
};

/// signing_mechanisms gives the ways to make this signature that the token lists, the best first: hashing on the token,
/// then on the host. Throws Error(mechanism_unsupported) where there is none.
[[nodiscard]] std::vector<SigningMechanism> signing_mechanisms(const SignatureAlgorithm& algorithm,
                                                               const std::vector<CK_MECHANISM_TYPE>& listed);

/// serves_requests is true for what p11csr generates key pairs or signs with.
[[nodiscard]] bool serves_requests(CK_MECHANISM_TYPE mechanism);

/// require_generation throws Error(mechanism_unsupported) when the token does not list what makes such a key.
void require_generation(const KeySpec& key, const std::vector<CK_MECHANISM_TYPE>& listed);

}  // namespace p11csr::pkcs11
