#include "crypto/ml_dsa.hpp"

#include <algorithm>
#include <array>
#include <openssl/objects.h>
#include <string>

#include <p11csr/crypto/key_sanity.hpp>

#include "crypto/openssl_error.hpp"

namespace p11csr::crypto {
namespace {

using SignatureHandle = Handle<EVP_SIGNATURE, EVP_SIGNATURE_free>;

// sigAlgs, 2.16.840.1.101.3.4.3 (NIST's register of objects), without the last arc.
constexpr std::array<std::uint8_t, 8> kSignatureAlgorithms{0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03};
constexpr std::uint8_t kFirstArc = 17;

}  // namespace

ObjectHandle ml_dsa_object(MlDsaSet set) {
  return owned<ObjectHandle>(OBJ_txt2obj(std::string(facts(set).oid).c_str(), 1), "OBJ_txt2obj");
}

std::optional<MlDsaSet> ml_dsa_set(const ASN1_OBJECT* object) {
  const ByteView octets(OBJ_get0_data(object), OBJ_length(object));
  if (octets.size() != kSignatureAlgorithms.size() + 1 ||
      !std::equal(kSignatureAlgorithms.begin(), kSignatureAlgorithms.end(), octets.begin()))
    return std::nullopt;
  for (const MlDsaFacts& known : ml_dsa_sets())
    if (octets.back() == kFirstArc + static_cast<std::uint8_t>(known.set)) return known.set;
  return std::nullopt;
}

KeyHandle ml_dsa_key(MlDsaSet set, ByteView raw) {
  return KeyHandle(
      EVP_PKEY_new_raw_public_key_ex(nullptr, std::string(facts(set).name).c_str(), nullptr, raw.data(), raw.size()));
}

bool can_verify_ml_dsa(MlDsaSet set) {
  const SignatureHandle found(EVP_SIGNATURE_fetch(nullptr, std::string(facts(set).name).c_str(), nullptr));
  forget_errors();
  return found != nullptr;
}

bool ml_dsa_key_proves_nothing(ByteView raw) {
  constexpr std::size_t seed_size = 32;
  return raw.size() > seed_size &&
         std::all_of(raw.begin() + seed_size, raw.end(), [](std::uint8_t octet) { return octet == 0; });
}

}  // namespace p11csr::crypto
