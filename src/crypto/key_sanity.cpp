#include <array>
#include <limits>

#include <p11csr/crypto/key_sanity.hpp>

#include "crypto/key_sanity_fermat.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/spki.hpp"

namespace p11csr::crypto {
namespace {

// Also what BN_mod_word gives where it fails.
constexpr auto largest_word = std::numeric_limits<BN_ULONG>::max();

constexpr unsigned trial_limit = 752;
constexpr unsigned last_roca_prime = 167;
constexpr unsigned roca_generator = 65537;

constexpr bool is_prime(unsigned number) {
  for (unsigned divisor = 2; divisor * divisor <= number; ++divisor) {
    if (number % divisor == 0) return false;
  }
  return number > 1;
}

constexpr std::size_t count_odd_primes(unsigned limit) {
  std::size_t count = 0;
  for (unsigned number = 3; number < limit; number += 2) count += is_prime(number) ? 1 : 0;
  return count;
}

constexpr auto odd_primes = [] {
  std::array<std::uint16_t, count_odd_primes(trial_limit)> primes{};
  std::size_t at = 0;
  for (unsigned number = 3; number < trial_limit; number += 2) {
    if (is_prime(number)) primes.at(at++) = static_cast<std::uint16_t>(number);
  }
  return primes;
}();

constexpr std::size_t roca_primes = count_odd_primes(last_roca_prime + 1);

/// Which residues are powers of 65537, for each prime of the fingerprint.
constexpr auto roca_residues = [] {
  std::array<std::array<bool, last_roca_prime>, roca_primes> table{};
  for (std::size_t i = 0; i < roca_primes; ++i) {
    unsigned power = 1;
    do {
      table.at(i).at(power) = true;
      power = power * (roca_generator % odd_primes.at(i)) % odd_primes.at(i);
    } while (power != 1);
  }
  return table;
}();

using Residues = std::array<unsigned, odd_primes.size()>;

/// The modulus is divided only once for as many primes as fit into a word.
Residues residues_of(const BIGNUM* modulus) {
  Residues residues{};
  for (std::size_t first = 0; first < odd_primes.size();) {
    BN_ULONG product = 1;
    std::size_t end = first;
    for (; end < odd_primes.size() && product <= largest_word / odd_primes.at(end); ++end) {
      product *= odd_primes.at(end);
    }
    const BN_ULONG remainder = BN_mod_word(modulus, product);
    check(remainder != largest_word, "BN_mod_word");
    for (; first < end; ++first) residues.at(first) = static_cast<unsigned>(remainder % odd_primes.at(first));
  }
  return residues;
}

std::optional<unsigned> small_factor(const Residues& residues) {
  for (std::size_t i = 0; i < residues.size(); ++i) {
    if (residues.at(i) == 0) return odd_primes.at(i);
  }
  return std::nullopt;
}

bool has_roca_fingerprint(const Residues& residues) {
  for (std::size_t i = 0; i < roca_primes; ++i) {
    if (!roca_residues.at(i).at(residues.at(i))) return false;
  }
  return true;
}

}  // namespace

RsaModulusFlaws rsa_modulus_flaws(ByteView modulus) {
  const auto number =
      owned<BignumHandle>(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr), "BN_bin2bn");
  if (BN_is_zero(number.get()) || !BN_is_odd(number.get())) return {};
  const Residues residues = residues_of(number.get());
  return {small_factor(residues), factors_are_close(number.get()), has_roca_fingerprint(residues)};
}

bool is_point_on_curve(NamedCurve curve, ByteView point) { return point_on(curve, point) != nullptr; }

}  // namespace p11csr::crypto
