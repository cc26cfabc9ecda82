#pragma once

#include <cstddef>

#include <p11csr/model/secret.hpp>

#pragma GCC visibility push(default)
namespace p11csr::crypto {

/// random_pin makes a PIN of `digits` decimal digits, each as likely as the others, from OpenSSL's random generator for
/// secrets. The Secret has room for one octet more. Throws Error(unexpected) where OpenSSL has no randomness.
[[nodiscard]] Secret random_pin(std::size_t digits);

}  // namespace p11csr::crypto
#pragma GCC visibility pop
