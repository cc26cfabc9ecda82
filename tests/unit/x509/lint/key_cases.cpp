#include "unit/crypto/weak_moduli.hpp"
#include "unit/x509/lint/lint_cases.hpp"

namespace p11csr::test {
namespace {

constexpr unsigned bits_of_modulus = 2048;
constexpr std::string_view p256 = "1.2.840.10045.3.1.7";

const Bytes& modulus() {
  static const Bytes made = sound_modulus(bits_of_modulus);
  return made;
}

Change exponent(const Bytes& number) { return key(rsa_key(modulus(), number)); }

Bytes even_modulus() {
  Bytes number = modulus();
  number.back() = static_cast<std::uint8_t>(number.back() & 0xfe);
  return number;
}

Bytes rsa_without_parameters() {
  return other_key("1.2.840.113549.1.1.1", {}, sequence({integer(modulus()), integer({1, 0, 1})}));
}

Bytes p256_point() {
  const Bytes spki = p256_key();
  return {spki.end() - 65, spki.end()};
}

Bytes compressed_point() {
  const Bytes point = p256_point();
  Bytes compressed(point.begin(), point.begin() + 33);
  compressed[0] = static_cast<std::uint8_t>(2 + (point.back() & 1));
  return compressed;
}

Bytes moved_point() {
  Bytes point = p256_point();
  point.back() = static_cast<std::uint8_t>(point.back() ^ 1);
  return point;
}

Bytes lattice_key_of(std::size_t octets, const std::vector<Bytes>& parameters = {}) {
  return other_key("2.16.840.1.101.3.4.3.17", parameters, Bytes(octets, 7));
}
Bytes lattice_key_of_zeros() {
  Bytes octets(1312);
  octets.front() = 1;
  return other_key("2.16.840.1.101.3.4.3.17", {}, octets);
}

Bytes explicit_key() { return other_key("1.2.840.10045.2.1", {sequence({integer({1})})}, p256_point()); }

std::vector<LintCase> rsa_cases() {
  const Change sound = key(rsa_key(modulus()));
  return {
      {"key-rsa-modulus-size", key(sound_rsa_key(1024)), sound},
      {"key-rsa-modulus-octets", key(sound_rsa_key(2050)), sound},
      {"key-rsa-modulus-even", key(rsa_key(even_modulus())), sound},
      {"key-rsa-exponent-one", exponent({1}), exponent({1, 0, 1})},
      {"key-rsa-exponent-even", exponent({1, 0, 0}), exponent({1, 0, 3})},
      {"key-rsa-exponent-small", exponent({3}), exponent({1, 0, 1})},
      {"key-rsa-exponent-large", exponent(Bytes(33, 1)), exponent(Bytes(32, 1))},
      {"key-rsa-small-factor", key(rsa_key(modulus_with_factor(bits_of_modulus, 751))), sound},
      {"key-rsa-close-primes", key(rsa_key(close_modulus(bits_of_modulus))), sound},
      {"key-rsa-roca", key(rsa_key(roca_modulus(bits_of_modulus))), sound},
      {"key-rsa-modulus-unjudged", key(rsa_key(Bytes(2049, 0xff))), sound},
      {"key-rsa-parameters", key(rsa_without_parameters()), sound},
  };
}

}  // namespace

std::vector<LintCase> key_cases() {
  const Change sound = key(ec_key(p256, p256_point()));
  std::vector<LintCase> cases = rsa_cases();
  const std::vector<LintCase> others = {
      {"key-malformed", key(sequence({})), sound},
      {"key-unknown", key(other_key("1.3.6.1.4.1.99999.1", {}, {1, 2, 3})), sound},
      {"key-ec-parameters", key(explicit_key()), sound},
      {"key-ec-curve", key(ec_key("1.3.132.0.33", p256_point())), key(key_on("brainpoolP256r1"))},
      {"key-ec-point", key(ec_key(p256, moved_point())), sound},
      {"key-ec-compressed", key(ec_key(p256, compressed_point())), sound},
      {"key-edwards-size", key(other_key("1.3.101.112", {}, Bytes(31, 7))), key(ed25519_key())},
      {"key-edwards-parameters", key(other_key("1.3.101.112", {{0x05, 0x00}}, Bytes(32, 7))), key(ed25519_key())},
      {"key-ml-dsa-size", key(lattice_key_of(1311)), key(lattice_key())},
      {"key-ml-dsa-parameters", key(lattice_key_of(1312, {{0x05, 0x00}})), key(lattice_key())},
      {"key-ml-dsa-zero", key(lattice_key_of_zeros()), key(lattice_key())},
  };
  cases.insert(cases.end(), others.begin(), others.end());
  return cases;
}

}  // namespace p11csr::test
