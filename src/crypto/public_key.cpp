#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <openssl/objects.h>

#include <p11csr/crypto/digest.hpp>
#include <p11csr/crypto/key_sanity.hpp>
#include <p11csr/crypto/public_key.hpp>
#include <p11csr/model/error.hpp>

#include "crypto/edwards_point.hpp"
#include "crypto/loaded_key.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/pem.hpp"
#include "crypto/spki.hpp"

namespace p11csr::crypto {
namespace {

constexpr std::size_t smallest_modulus_bits = 1024;
constexpr std::size_t largest_modulus_bits = 16384;

ByteView without_leading_zeros(ByteView number) {
  const auto first = std::find_if(number.begin(), number.end(), [](std::uint8_t octet) { return octet != 0; });
  return number.subspan(static_cast<std::size_t>(first - number.begin()));
}

/// Of a number without leading zeros.
std::size_t bit_length(ByteView number) {
  return number.empty() ? 0 : number.size() * 8 - static_cast<std::size_t>(std::countl_zero(number.front()));
}

bool less(ByteView a, ByteView b) {
  return a.size() != b.size() ? a.size() < b.size()
                              : std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

/// The rules of RFC 8017, 3.1 that can be judged without factoring, and the sizes that can be worked with.
RsaKey check_rsa(ByteView modulus, ByteView exponent) {
  const std::size_t bits = bit_length(modulus);
  if (bits < smallest_modulus_bits || bits > largest_modulus_bits) {
    throw Error(Errc::malformed_input, fmt::format("an RSA modulus of {} bits is not supported ({} to {} are)", bits,
                                                   smallest_modulus_bits, largest_modulus_bits));
  }
  if ((modulus.back() & 1U) == 0) {
    throw Error(Errc::malformed_input, "the RSA modulus is even");
  }
  if (bit_length(exponent) < 2 || (exponent.back() & 1U) == 0 || !less(exponent, modulus)) {
    throw Error(Errc::malformed_input, "the RSA exponent is not an odd number of at least 3 below the modulus");
  }
  return {static_cast<unsigned>(bits)};
}

RsaKey check_rsa_key(ByteView der) {
  const RsaNumbers numbers = split_rsa_key(der);
  return check_rsa(numbers.modulus, numbers.exponent);
}

/// The octets are as many as the curve has.
void check_edwards(EdwardsCurve curve, ByteView raw) {
  const std::string name = display_name(KeySpec(EdwardsKey{curve}));
  switch (judge_edwards_point(curve, raw)) {
    case EdwardsPoint::sound:
      return;
    case EdwardsPoint::small_order:
      throw Error(Errc::malformed_input,
                  fmt::format("the key is a point of small order on {}, whose signatures prove nothing", name));
    case EdwardsPoint::none:
      throw Error(Errc::malformed_input, fmt::format("the key is no point of {}", name));
  }
}

Bytes uncompressed(NamedCurve curve, ByteView point) {
  const auto decoded = point_on(curve, point);
  if (decoded == nullptr)
    throw Error(Errc::malformed_input, fmt::format("the EC point is not on {}", facts(curve).name));
  const EC_GROUP* group = group_of(curve);
  const auto form = POINT_CONVERSION_UNCOMPRESSED;
  Bytes octets(EC_POINT_point2oct(group, decoded.get(), form, nullptr, 0, nullptr));
  check(!octets.empty() &&
            EC_POINT_point2oct(group, decoded.get(), form, octets.data(), octets.size(), nullptr) == octets.size(),
        "EC_POINT_point2oct");
  return octets;
}

void refuse_parameters(const SpkiParts& parts) {
  if (parts.parameters) {
    throw Error(Errc::malformed_input, fmt::format("the key's {} has parameters", parts.algorithm_name));
  }
}

}  // namespace

PublicKey::PublicKey(Bytes spki, KeySpec kind)
    : spki_(std::move(spki)), kind_(kind), loaded_(std::make_shared<Loaded>()) {}

PublicKey PublicKey::from_rsa(ByteView modulus, ByteView exponent) {
  const ByteView n = without_leading_zeros(modulus);
  const ByteView e = without_leading_zeros(exponent);
  const RsaKey kind = check_rsa(n, e);
  return {rsa_spki(n, e), kind};
}

PublicKey PublicKey::from_ec_point(NamedCurve curve, ByteView point) {
  return {ec_spki(curve, uncompressed(curve, point)), EcKey{curve}};
}

PublicKey PublicKey::from_edwards(EdwardsCurve curve, ByteView raw) {
  if (raw.size() != edwards_size(curve)) {
    throw Error(Errc::malformed_input,
                fmt::format("a key of {} has {} octets, not {}", display_name(KeySpec(EdwardsKey{curve})),
                            edwards_size(curve), raw.size()));
  }
  check_edwards(curve, raw);
  return {edwards_spki(curve, raw), EdwardsKey{curve}};
}

PublicKey PublicKey::from_ml_dsa(MlDsaSet set, ByteView raw) {
  const MlDsaFacts& known = facts(set);
  if (raw.size() != known.public_key_size) {
    throw Error(Errc::malformed_input,
                fmt::format("a key of {} has {} octets, not {}", known.name, known.public_key_size, raw.size()));
  }
  if (ml_dsa_key_proves_nothing(raw)) {
    throw Error(Errc::malformed_input,
                fmt::format("the key of {} is a seed and zeros, whose signatures prove nothing", known.name));
  }
  return {ml_dsa_spki(set, raw), MlDsaKey{set}};
}

PublicKey PublicKey::from_spki(ByteView der) {
  const SpkiParts parts = split_spki(der);
  if (parts.ml_dsa) {
    refuse_parameters(parts);
    return from_ml_dsa(*parts.ml_dsa, parts.key);
  }
  switch (parts.algorithm) {
    case NID_rsaEncryption: {
      // RFC 3279, 2.3.1 wants NULL; keys without it exist, and both mean the same.
      if (parts.parameters && !(parts.parameters->is(DerTag::null) && parts.parameters->content.empty())) {
        throw Error(Errc::malformed_input, "the key's rsaEncryption has parameters other than NULL");
      }
      const RsaNumbers numbers = split_rsa_key(parts.key);
      return from_rsa(numbers.modulus, numbers.exponent);
    }
    case NID_rsassaPss: {
      // The parameters restrict what the key may sign (RFC 4055, 3.1), so they stay as they are.
      const RsaKey kind = check_rsa_key(parts.key);
      if (decode<KeyHandle>(d2i_PUBKEY, der) == nullptr) {
        throw Error(Errc::malformed_input, "the key's RSASSA-PSS parameters are not well-formed");
      }
      return {Bytes(der.begin(), der.end()), kind};
    }
    case NID_X9_62_id_ecPublicKey:
      if (!parts.parameters) {
        throw Error(Errc::malformed_input, "the EC key does not say its curve");
      }
      return from_ec_point(curve_of_parameters(parts.parameters->whole), parts.key);
    case NID_ED25519:
      refuse_parameters(parts);
      return from_edwards(EdwardsCurve::ed25519, parts.key);
    case NID_ED448:
      refuse_parameters(parts);
      return from_edwards(EdwardsCurve::ed448, parts.key);
    default:
      throw Error(Errc::malformed_input, fmt::format("a key of the kind '{}' is not supported", parts.algorithm_name));
  }
}

PublicKey PublicKey::from_certificate(ByteView der) {
  const auto certificate = decode<CertificateHandle>(d2i_X509, der);
  if (certificate == nullptr) {
    throw Error(Errc::malformed_input, "this is not one X.509 certificate in DER");
  }
  return from_spki(encode(i2d_X509_PUBKEY, X509_get_X509_PUBKEY(certificate.get()), "i2d_X509_PUBKEY"));
}

std::string PublicKey::pem() const { return to_pem("PUBLIC KEY", spki_); }

std::string PublicKey::spki_sha256() const { return to_hex(digest(Digest::sha256, spki_)); }

}  // namespace p11csr::crypto
