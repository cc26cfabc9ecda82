#include "unit/x509/software_signer.hpp"

#include <openssl/core_names.h>
#include <openssl/objects.h>
#include <string>

#include "crypto/evp.hpp"
#include "crypto/openssl_error.hpp"

namespace p11csr::test {
namespace {

using crypto::check;

struct Generator {
  crypto::KeyHandle operator()(const RsaKey& rsa) const { return made(EVP_RSA_gen(rsa.bits)); }
  crypto::KeyHandle operator()(const EcKey& ec) const {
    return made(EVP_EC_gen(OBJ_nid2sn(OBJ_txt2nid(std::string(facts(ec.curve).oid).c_str()))));
  }
  crypto::KeyHandle operator()(const EdwardsKey& edwards) const {
    const char* name = edwards.curve == EdwardsCurve::ed25519 ? "ED25519" : "ED448";
    return made(EVP_PKEY_Q_keygen(nullptr, nullptr, name));
  }
  crypto::KeyHandle operator()(const MlDsaKey& ml_dsa) const {
    return made(EVP_PKEY_Q_keygen(nullptr, nullptr, std::string(facts(ml_dsa.set).name).c_str()));
  }

  static crypto::KeyHandle made(EVP_PKEY* key) { return crypto::owned<crypto::KeyHandle>(key, "EVP_PKEY_Q_keygen"); }
};

const EVP_MD* digest_of(const SignatureAlgorithm& algorithm) {
  if (const auto* pkcs1 = std::get_if<RsaPkcs1Signature>(&algorithm)) return crypto::evp_digest(pkcs1->digest);
  if (const auto* pss = std::get_if<RsaPssSignature>(&algorithm)) return crypto::evp_digest(pss->digest);
  if (const auto* ecdsa = std::get_if<EcdsaSignature>(&algorithm)) return crypto::evp_digest(ecdsa->digest);
  return nullptr;
}

}  // namespace

crypto::KeyHandle generate_key(const KeySpec& kind) { return std::visit(Generator{}, kind); }

Bytes spki_of(EVP_PKEY* key) { return crypto::encode(i2d_PUBKEY, key, "i2d_PUBKEY"); }

Bytes sign_in_software(EVP_PKEY* key, const SignatureAlgorithm& algorithm, ByteView data) {
  const auto context = crypto::owned<crypto::DigestContextHandle>(EVP_MD_CTX_new(), "EVP_MD_CTX_new");
  EVP_PKEY_CTX* key_context = nullptr;
  check(EVP_DigestSignInit(context.get(), &key_context, digest_of(algorithm), nullptr, key) == 1, "EVP_DigestSignInit");
  if (const auto* pss = std::get_if<RsaPssSignature>(&algorithm)) {
    check(EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING) > 0 &&
              EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, static_cast<int>(pss->salt_length)) > 0,
          "EVP_PKEY_CTX_set_rsa_padding");
  }
  std::size_t size = 0;
  check(EVP_DigestSign(context.get(), nullptr, &size, data.data(), data.size()) == 1, "EVP_DigestSign");
  Bytes signature(size);
  check(EVP_DigestSign(context.get(), signature.data(), &size, data.data(), data.size()) == 1, "EVP_DigestSign");
  signature.resize(size);
  return signature;
}

}  // namespace p11csr::test
