#include <array>
#include <fmt/format.h>

#include <p11csr/crypto/key_sanity.hpp>

#include "x509/lint/rule.hpp"

namespace p11csr::x509 {
namespace {

constexpr std::size_t smallest_modulus_bits = 2048;
// FIPS 186-5, A.1.1: 2^16 < e < 2^256.
constexpr std::size_t smallest_exponent_octets = 3;
constexpr std::size_t largest_exponent_octets = 32;

bool is_rsa(const RequestView& view) { return view.key.algorithm == KeyAlgorithm::rsa && view.key.well_formed; }
bool has_numbers(const RequestView& view) { return is_rsa(view) && view.key.present; }
bool is_odd(ByteView number) { return (number.back() & 1U) != 0; }
bool is_one(ByteView number) { return number.size() == 1 && number[0] <= 1; }

void modulus_size(const RequestView& view, Violations& violations) {
  if (is_rsa(view) && view.key.bits < smallest_modulus_bits) {
    violations.push_back(fmt::format("the RSA modulus has {} bits", view.key.bits));
  }
}

void modulus_octets(const RequestView& view, Violations& violations) {
  if (is_rsa(view) && view.key.bits % 8 != 0) {
    violations.push_back(fmt::format("the RSA modulus has {} bits, not a multiple of 8", view.key.bits));
  }
}

void modulus_even(const RequestView& view, Violations& violations) {
  if (has_numbers(view) && !is_odd(view.key.modulus)) violations.emplace_back("the RSA modulus is even");
}

void exponent_one(const RequestView& view, Violations& violations) {
  if (has_numbers(view) && is_one(view.key.exponent)) {
    violations.push_back(fmt::format("the RSA exponent is {}", view.key.exponent[0]));
  }
}

void exponent_even(const RequestView& view, Violations& violations) {
  if (has_numbers(view) && !is_one(view.key.exponent) && !is_odd(view.key.exponent)) {
    violations.push_back(fmt::format("the RSA exponent 0x{} is even", to_hex(view.key.exponent)));
  }
}

void exponent_small(const RequestView& view, Violations& violations) {
  if (has_numbers(view) && !is_one(view.key.exponent) && is_odd(view.key.exponent) &&
      view.key.exponent.size() < smallest_exponent_octets) {
    violations.push_back(fmt::format("the RSA exponent is 0x{}, below 65537", to_hex(view.key.exponent)));
  }
}

void exponent_large(const RequestView& view, Violations& violations) {
  if (has_numbers(view) && view.key.exponent.size() > largest_exponent_octets) {
    violations.push_back(fmt::format("the RSA exponent has {} octets, 32 are the most", view.key.exponent.size()));
  }
}

void small_factor(const RequestView& view, Violations& violations) {
  if (!has_numbers(view)) return;
  if (const auto factor = view.key.flaws.small_factor) {
    violations.push_back(fmt::format("{} divides the RSA modulus", *factor));
  }
}

void close_primes(const RequestView& view, Violations& violations) {
  if (has_numbers(view) && view.key.flaws.close_primes) {
    violations.emplace_back("Fermat's method factors the RSA modulus: its primes are nearly equal");
  }
}

void roca(const RequestView& view, Violations& violations) {
  if (has_numbers(view) && view.key.flaws.roca) {
    violations.emplace_back("the RSA modulus has the fingerprint of ROCA: it can be factored");
  }
}

void unjudged(const RequestView& view, Violations& violations) {
  if (is_rsa(view) && view.key.flaws_unknown) {
    violations.push_back(
        fmt::format("the RSA modulus has {} bits, and was not searched for factors and for ROCA", view.key.bits));
  }
}

constexpr auto key = RuleSet::key;

constexpr std::array<CheckedRule, 11> rules = {{
    {{"key-rsa-modulus-size", key, Severity::error, "NIST SP 800-131A, 3", "use an RSA key of at least 2048 bits"},
     modulus_size},
    {{"key-rsa-modulus-octets", key, Severity::warning, "NIST SP 800-89, 5.3.3; TLS BR, 6.1.5",
      "use a modulus whose bits are a multiple of 8, such as 3072"},
     modulus_octets},
    {{"key-rsa-modulus-even", key, Severity::error, "RFC 8017, 3.1; NIST SP 800-89, 5.3.3", "generate another key"},
     modulus_even},
    {{"key-rsa-exponent-one", key, Severity::error, "RFC 8017, 3.1", "generate a key with the exponent 65537"},
     exponent_one},
    {{"key-rsa-exponent-even", key, Severity::error, "RFC 8017, 3.1; NIST SP 800-89, 5.3.3",
      "generate a key with the exponent 65537"},
     exponent_even},
    {{"key-rsa-exponent-small", key, Severity::warning, "FIPS 186-5, A.1.1; TLS BR, 6.1.6",
      "generate a key with the exponent 65537"},
     exponent_small},
    {{"key-rsa-exponent-large", key, Severity::warning, "FIPS 186-5, A.1.1; TLS BR, 6.1.6",
      "generate a key with the exponent 65537"},
     exponent_large},
    {{"key-rsa-small-factor", key, Severity::error, "NIST SP 800-89, 5.3.3; TLS BR, 6.1.6",
      "generate another key, and distrust what made this one"},
     small_factor},
    {{"key-rsa-close-primes", key, Severity::error, "FIPS 186-5, A.1.3; TLS BR, 6.1.1.3",
      "generate another key, and distrust what made this one"},
     close_primes},
    {{"key-rsa-roca", key, Severity::error, "CVE-2017-15361; TLS BR, 6.1.1.3",
      "update the token's firmware and generate another key, or use an EC key"},
     roca},
    {{"key-rsa-modulus-unjudged", key, Severity::warning, "NIST SP 800-89, 5.3.3",
      "use a modulus of at most 16384 bits, which is searched for weaknesses; CAs take 4096 or 8192 at most"},
     unjudged},
}};

}  // namespace

std::span<const CheckedRule> rsa_key_rules() { return rules; }

}  // namespace p11csr::x509
