#pragma once

#include <p11csr/model/bytes.hpp>

namespace p11csr::test {

/// sound_modulus is the product of two primes drawn independently, each of half the bits.
[[nodiscard]] Bytes sound_modulus(unsigned bits);

/// close_modulus is the product of a prime and the next one.
[[nodiscard]] Bytes close_modulus(unsigned bits);

/// roca_modulus is the product of two primes k*M + (65537^a mod M), M the product of the primes up to 167
/// (CVE-2017-15361).
[[nodiscard]] Bytes roca_modulus(unsigned bits);

/// modulus_with_factor is an odd number of that many bits that `factor` and no smaller odd prime divides.
[[nodiscard]] Bytes modulus_with_factor(unsigned bits, unsigned factor);

}  // namespace p11csr::test
