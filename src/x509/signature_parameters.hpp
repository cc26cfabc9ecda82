#pragma once

#include <p11csr/x509/description.hpp>

namespace p11csr::x509 {

/// signature_parameters reads a DER AlgorithmIdentifier of a signature; what cannot be read stays empty.
[[nodiscard]] SignatureParameters signature_parameters(ByteView algorithm);

/// is_broken_digest tells digests with known collisions: MD2, MD4, MD5 and SHA-1 (RFC 6149, 6150, 6151, 9155).
[[nodiscard]] bool is_broken_digest(std::string_view name);

}  // namespace p11csr::x509
