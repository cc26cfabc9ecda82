#pragma once

#include <cstdint>
#include <optional>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/key_spec.hpp>

#pragma GCC visibility push(default)
namespace p11csr::crypto {

/// RsaModulusFlaws is what shows of a modulus without factoring it.
struct RsaModulusFlaws {
  /// The smallest odd prime below 752 that divides it.
  std::optional<unsigned> small_factor;
  /// Fermat's method finds the factors within 100 rounds: the primes are nearly equal (FIPS 186-5, A.1.3).
  bool close_primes = false;
  /// The fingerprint of ROCA (CVE-2017-15361): modulo each prime up to 167 it is a power of 65537. Of other moduli
  /// about one in 2^27 has it.
  bool roca = false;
};

/// rsa_modulus_flaws judges an odd modulus, unsigned big-endian.
[[nodiscard]] RsaModulusFlaws rsa_modulus_flaws(ByteView modulus);

/// is_point_on_curve tells whether the octets are a point other than infinity in a form of SEC 1, 2.3.3 (compressed or
/// uncompressed) on the curve.
[[nodiscard]] bool is_point_on_curve(NamedCurve curve, ByteView point);

/// edwards_key_size is the length of a public key in octets (RFC 8032, 5.1.5 and 5.2.5).
[[nodiscard]] constexpr std::size_t edwards_key_size(EdwardsCurve curve) {
  return curve == EdwardsCurve::ed25519 ? 32 : 57;
}

/// ml_dsa_key_proves_nothing tells whether a public key is a seed and then zeros: with t1 = 0 the verifier computes
/// w1 from A and z alone (FIPS 204, algorithm 8), so that anybody makes signatures that verify.
[[nodiscard]] bool ml_dsa_key_proves_nothing(ByteView raw);

}  // namespace p11csr::crypto
#pragma GCC visibility pop
