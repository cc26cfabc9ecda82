#include <openssl/objects.h>

#include <p11csr/model/error.hpp>

#include "crypto/spki.hpp"
#include "x509/lint/request_view.hpp"

namespace p11csr::x509 {
namespace {

using crypto::DerTag;

constexpr std::size_t largest_judged_bits = 16384;

std::size_t bit_length(ByteView number) {
  std::size_t bits = number.size() * 8;
  for (unsigned first = number.empty() ? 0xffU : number[0]; bits > 0 && (first & 0x80U) == 0; first <<= 1) --bits;
  return bits;
}

std::string algorithm_oid(ByteView subject_public_key_info) {
  crypto::DerReader outer(subject_public_key_info, "the SubjectPublicKeyInfo");
  crypto::DerReader parts = outer.inside(DerTag::sequence);
  crypto::DerReader algorithm = parts.inside(DerTag::sequence);
  return oid_text(algorithm.expect(DerTag::object_identifier).content);
}

void read_rsa(KeyView& key) {
  key.algorithm = KeyAlgorithm::rsa;
  const crypto::RsaNumbers numbers = crypto::split_rsa_key(key.octets);
  key.modulus = numbers.modulus;
  key.exponent = numbers.exponent;
  key.bits = bit_length(numbers.modulus);
  // Larger ones would take time that a stranger's request is not worth; no CA takes them.
  key.flaws_unknown = key.bits > largest_judged_bits;
  if (!key.flaws_unknown) key.flaws = crypto::rsa_modulus_flaws(numbers.modulus);
}

void read_ec(KeyView& key) {
  key.algorithm = KeyAlgorithm::ec;
  if (key.parameters && key.parameters->is(DerTag::object_identifier)) {
    key.curve = find_curve(oid_text(key.parameters->content));
  }
}

void read_key(KeyView& key, ByteView subject_public_key_info) {
  const crypto::SpkiParts parts = crypto::split_spki(subject_public_key_info);
  key.name = parts.algorithm_name;
  key.oid = algorithm_oid(subject_public_key_info);
  key.parameters = parts.parameters;
  key.octets = parts.key;
  if (parts.ml_dsa) {
    key.algorithm = KeyAlgorithm::ml_dsa;
    key.ml_dsa = parts.ml_dsa;
    return;
  }
  switch (parts.algorithm) {
    case NID_rsassaPss:
      key.restricted_to_pss = true;
      return read_rsa(key);
    case NID_rsaEncryption:
      return read_rsa(key);
    case NID_X9_62_id_ecPublicKey:
      return read_ec(key);
    case NID_ED25519:
      key.algorithm = KeyAlgorithm::ed25519;
      return;
    case NID_ED448:
      key.algorithm = KeyAlgorithm::ed448;
      return;
    default:
      return;
  }
}

}  // namespace

KeyView key_view(ByteView subject_public_key_info) {
  KeyView key;
  key.present = true;
  try {
    read_key(key, subject_public_key_info);
  } catch (const Error&) {
    key.well_formed = false;
  }
  return key;
}

KeyView planned_key(const KeySpec& kind) {
  KeyView key;
  key.name = display_name(kind);
  if (const auto* rsa = std::get_if<RsaKey>(&kind)) {
    key.algorithm = KeyAlgorithm::rsa;
    key.bits = rsa->bits;
  } else if (const auto* ec = std::get_if<EcKey>(&kind)) {
    key.algorithm = KeyAlgorithm::ec;
    key.curve = ec->curve;
  } else if (const auto* edwards = std::get_if<EdwardsKey>(&kind)) {
    key.algorithm = edwards->curve == EdwardsCurve::ed25519 ? KeyAlgorithm::ed25519 : KeyAlgorithm::ed448;
  } else if (const auto* ml_dsa = std::get_if<MlDsaKey>(&kind)) {
    key.algorithm = KeyAlgorithm::ml_dsa;
    key.ml_dsa = ml_dsa->set;
  }
  return key;
}

}  // namespace p11csr::x509
