#pragma once

#include <p11csr/model/signature_algorithm.hpp>

#include "crypto/openssl.hpp"

namespace p11csr::crypto {

/// evp_digest is OpenSSL's object for a digest; it lives as long as the program.
[[nodiscard]] const EVP_MD* evp_digest(Digest algorithm);

}  // namespace p11csr::crypto
