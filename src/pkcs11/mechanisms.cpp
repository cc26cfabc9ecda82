#include "pkcs11/mechanisms.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include <p11csr/model/error.hpp>

namespace p11csr::pkcs11 {
namespace {

// PKCS #11 3.0 names that p11-kit 0.24 does not have; newer headers define the standard names as macros.
constexpr CK_MECHANISM_TYPE kEcEdwardsKeyPairGen = 0x1055;

constexpr std::array<std::pair<CK_MECHANISM_TYPE, const char*>, 23> kNames{{
    {CKM_RSA_PKCS_KEY_PAIR_GEN, "CKM_RSA_PKCS_KEY_PAIR_GEN"},
    {CKM_RSA_X9_31_KEY_PAIR_GEN, "CKM_RSA_X9_31_KEY_PAIR_GEN"},
    {CKM_EC_KEY_PAIR_GEN, "CKM_EC_KEY_PAIR_GEN"},
    {kEcEdwardsKeyPairGen, "CKM_EC_EDWARDS_KEY_PAIR_GEN"},
    {kMlDsaKeyPairGen, "CKM_ML_DSA_KEY_PAIR_GEN"},
    {CKM_RSA_PKCS, "CKM_RSA_PKCS"},
    {CKM_RSA_PKCS_PSS, "CKM_RSA_PKCS_PSS"},
    {CKM_SHA1_RSA_PKCS, "CKM_SHA1_RSA_PKCS"},
    {CKM_SHA256_RSA_PKCS, "CKM_SHA256_RSA_PKCS"},
    {CKM_SHA384_RSA_PKCS, "CKM_SHA384_RSA_PKCS"},
    {CKM_SHA512_RSA_PKCS, "CKM_SHA512_RSA_PKCS"},
    {CKM_SHA256_RSA_PKCS_PSS, "CKM_SHA256_RSA_PKCS_PSS"},
    {CKM_SHA384_RSA_PKCS_PSS, "CKM_SHA384_RSA_PKCS_PSS"},
    {CKM_SHA512_RSA_PKCS_PSS, "CKM_SHA512_RSA_PKCS_PSS"},
    {CKM_ECDSA, "CKM_ECDSA"},
    {CKM_ECDSA_SHA1, "CKM_ECDSA_SHA1"},
    {CKM_ECDSA_SHA256, "CKM_ECDSA_SHA256"},
    {CKM_ECDSA_SHA384, "CKM_ECDSA_SHA384"},
    {CKM_ECDSA_SHA512, "CKM_ECDSA_SHA512"},
    {CKM_EDDSA, "CKM_EDDSA"},
    {kMlDsa, "CKM_ML_DSA"},
    {CKM_ECDH1_DERIVE, "CKM_ECDH1_DERIVE"},
    {CKM_RSA_PKCS_OAEP, "CKM_RSA_PKCS_OAEP"},
}};

CK_MECHANISM_TYPE by_digest(Digest digest, CK_MECHANISM_TYPE sha256, CK_MECHANISM_TYPE sha384,
                            CK_MECHANISM_TYPE sha512) {
  switch (digest) {
    case Digest::sha256:
      return sha256;
    case Digest::sha384:
      return sha384;
    case Digest::sha512:
      return sha512;
  }
  return sha256;
}

struct Choices {
  std::vector<SigningMechanism> operator()(const RsaPkcs1Signature& s) const {
    return {{by_digest(s.digest, CKM_SHA256_RSA_PKCS, CKM_SHA384_RSA_PKCS, CKM_SHA512_RSA_PKCS), WhoHashes::token},
            {CKM_RSA_PKCS, WhoHashes::host}};
  }
  std::vector<SigningMechanism> operator()(const RsaPssSignature& s) const {
    return {{by_digest(s.digest, CKM_SHA256_RSA_PKCS_PSS, CKM_SHA384_RSA_PKCS_PSS, CKM_SHA512_RSA_PKCS_PSS),
             WhoHashes::token},
            {CKM_RSA_PKCS_PSS, WhoHashes::host}};
  }
  std::vector<SigningMechanism> operator()(const EcdsaSignature& s) const {
    return {{by_digest(s.digest, CKM_ECDSA_SHA256, CKM_ECDSA_SHA384, CKM_ECDSA_SHA512), WhoHashes::token},
            {CKM_ECDSA, WhoHashes::host}};
  }
  std::vector<SigningMechanism> operator()(const EdDsaSignature& /*unused*/) const {
    return {{CKM_EDDSA, WhoHashes::token}};
  }
  std::vector<SigningMechanism> operator()(const MlDsaSignature& /*unused*/) const {
    return {{kMlDsa, WhoHashes::token}};
  }
};

struct Generation {
  CK_MECHANISM_TYPE operator()(const RsaKey& /*unused*/) const { return CKM_RSA_PKCS_KEY_PAIR_GEN; }
  CK_MECHANISM_TYPE operator()(const EcKey& /*unused*/) const { return CKM_EC_KEY_PAIR_GEN; }
  CK_MECHANISM_TYPE operator()(const EdwardsKey& /*unused*/) const { return kEcEdwardsKeyPairGen; }
  CK_MECHANISM_TYPE operator()(const MlDsaKey& /*unused*/) const { return kMlDsaKeyPairGen; }
};

bool is_listed(const std::vector<CK_MECHANISM_TYPE>& listed, CK_MECHANISM_TYPE mechanism) {
  return std::find(listed.begin(), listed.end(), mechanism) != listed.end();
}

}  // namespace

std::string mechanism_name(CK_MECHANISM_TYPE mechanism) {
  const auto* found =
      std::find_if(kNames.begin(), kNames.end(), [mechanism](const auto& entry) { return entry.first == mechanism; });
  return found != kNames.end() ? found->second : fmt::format("0x{:x}", mechanism);
}

CK_MECHANISM_TYPE generation_mechanism(const KeySpec& key) { return std::visit(Generation{}, key); }

std::vector<SigningMechanism> signing_mechanisms(const SignatureAlgorithm& algorithm,
                                                 const std::vector<CK_MECHANISM_TYPE>& listed) {
  const auto wanted = std::visit(Choices{}, algorithm);
  std::vector<SigningMechanism> offered;
  std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(offered),
               [&listed](const SigningMechanism& mechanism) { return is_listed(listed, mechanism.type); });
  if (!offered.empty()) return offered;
  std::string names = mechanism_name(wanted.front().type);
  if (wanted.size() > 1) names += fmt::format(" nor {}", mechanism_name(wanted.back().type));
  throw Error(Errc::mechanism_unsupported,
              fmt::format("the token cannot sign with {}: it has {}{}", signature_name(algorithm),
                          wanted.size() > 1 ? "neither " : "no ", names),
              "choose another --digest, --padding or kind of key");
}

bool serves_requests(CK_MECHANISM_TYPE mechanism) {
  static constexpr std::array serving{CK_MECHANISM_TYPE{CKM_RSA_PKCS_KEY_PAIR_GEN},
                                      CK_MECHANISM_TYPE{CKM_EC_KEY_PAIR_GEN},
                                      kEcEdwardsKeyPairGen,
                                      CK_MECHANISM_TYPE{CKM_RSA_PKCS},
                                      CK_MECHANISM_TYPE{CKM_SHA256_RSA_PKCS},
                                      CK_MECHANISM_TYPE{CKM_SHA384_RSA_PKCS},
                                      CK_MECHANISM_TYPE{CKM_SHA512_RSA_PKCS},
                                      CK_MECHANISM_TYPE{CKM_RSA_PKCS_PSS},
                                      CK_MECHANISM_TYPE{CKM_SHA256_RSA_PKCS_PSS},
                                      CK_MECHANISM_TYPE{CKM_SHA384_RSA_PKCS_PSS},
                                      CK_MECHANISM_TYPE{CKM_SHA512_RSA_PKCS_PSS},
                                      CK_MECHANISM_TYPE{CKM_ECDSA},
                                      CK_MECHANISM_TYPE{CKM_ECDSA_SHA256},
                                      CK_MECHANISM_TYPE{CKM_ECDSA_SHA384},
                                      CK_MECHANISM_TYPE{CKM_ECDSA_SHA512},
                                      CK_MECHANISM_TYPE{CKM_EDDSA},
                                      kMlDsaKeyPairGen,
                                      kMlDsa};
  return std::find(serving.begin(), serving.end(), mechanism) != serving.end();
}

void require_generation(const KeySpec& key, const std::vector<CK_MECHANISM_TYPE>& listed) {
  const CK_MECHANISM_TYPE mechanism = generation_mechanism(key);
  if (is_listed(listed, mechanism)) return;
  throw Error(Errc::mechanism_unsupported,
              fmt::format("the token cannot generate {}: it has no {}", display_name(key), mechanism_name(mechanism)),
              "choose another kind of key with --generate");
}

}  // namespace p11csr::pkcs11
