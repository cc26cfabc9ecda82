#pragma once

#include "crypto/openssl.hpp"

namespace p11csr::crypto {

/// factors_are_close tells whether Fermat's method factors the odd number within 100 rounds, squares included.
[[nodiscard]] bool factors_are_close(const BIGNUM* odd);

}  // namespace p11csr::crypto
