#include <map>
#include <openssl/core_names.h>
#include <openssl/objects.h>

#include <p11csr/crypto/public_key.hpp>

#include "crypto/evp.hpp"
#include "crypto/loaded_key.hpp"
#include "crypto/ml_dsa.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/spki.hpp"

namespace p11csr::crypto {
namespace {

KeyHandle load(const char* type, OSSL_PARAM_BLD* builder, int selection) {
  const auto parameters = owned<ParamsHandle>(OSSL_PARAM_BLD_to_param(builder), "OSSL_PARAM_BLD_to_param");
  const auto context =
      owned<KeyContextHandle>(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr), "EVP_PKEY_CTX_new_from_name");
  EVP_PKEY* key = nullptr;
  check(EVP_PKEY_fromdata_init(context.get()) == 1 &&
            EVP_PKEY_fromdata(context.get(), &key, selection, parameters.get()) == 1,
        "EVP_PKEY_fromdata");
  return KeyHandle(key);
}

KeyHandle load_rsa(ByteView der) {
  const RsaNumbers numbers = split_rsa_key(der);
  const auto number = [](ByteView octets) {
    return owned<BignumHandle>(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr), "BN_bin2bn");
  };
  const BignumHandle modulus = number(numbers.modulus);
  const BignumHandle exponent = number(numbers.exponent);
  const auto builder = owned<ParamBuilderHandle>(OSSL_PARAM_BLD_new(), "OSSL_PARAM_BLD_new");
  check(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) == 1 &&
            OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) == 1,
        "OSSL_PARAM_BLD_push_BN");
  return load("RSA", builder.get(), EVP_PKEY_PUBLIC_KEY);
}

KeyHandle load_curve(NamedCurve curve) {
  const auto builder = owned<ParamBuilderHandle>(OSSL_PARAM_BLD_new(), "OSSL_PARAM_BLD_new");
  check(
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, OBJ_nid2sn(curve_nid(curve)), 0) == 1,
      "OSSL_PARAM_BLD_push");
  return load("EC", builder.get(), EVP_PKEY_KEY_PARAMETERS);
}

KeyHandle load_ec(NamedCurve curve, ByteView point) {
  // A curve takes four times as long to set up as to copy.
  thread_local std::map<NamedCurve, KeyHandle> curves;
  KeyHandle& there = curves[curve];
  if (there == nullptr) there = load_curve(curve);
  KeyHandle key = owned<KeyHandle>(EVP_PKEY_dup(there.get()), "EVP_PKEY_dup");
  check(EVP_PKEY_set1_encoded_public_key(key.get(), point.data(), point.size()) == 1,
        "EVP_PKEY_set1_encoded_public_key");
  return key;
}

/// From numbers where that suffices: decoding a whole SubjectPublicKeyInfo starts all of OpenSSL's decoders. Null where
/// OpenSSL does not know the kind of key.
KeyHandle load_key(const PublicKey& key) {
  const SpkiParts parts = split_spki(key.spki());
  if (parts.algorithm == NID_rsassaPss) {
    return owned<KeyHandle>(decode<KeyHandle>(d2i_PUBKEY, key.spki()).release(), "d2i_PUBKEY");
  }
  if (std::holds_alternative<RsaKey>(key.kind())) {
    return load_rsa(parts.key);
  }
  if (const auto* ec = std::get_if<EcKey>(&key.kind())) {
    return load_ec(ec->curve, parts.key);
  }
  if (const auto* ml_dsa = std::get_if<MlDsaKey>(&key.kind())) {
    return ml_dsa_key(ml_dsa->set, parts.key);
  }
  return owned<KeyHandle>(EVP_PKEY_new_raw_public_key(parts.algorithm, nullptr, parts.key.data(), parts.key.size()),
                          "EVP_PKEY_new_raw_public_key");
}

bool set_up_pss(EVP_PKEY_CTX* context, const RsaPssSignature& pss) {
  constexpr unsigned longest_salt =
      2048;  // an octet less than the largest modulus, and never one of OpenSSL's -1 to -4
  return pss.salt_length < longest_salt && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, static_cast<int>(pss.salt_length)) > 0 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, evp_digest(pss.digest)) > 0;
}

/// Verification starts an EVP_MD_CTX for each algorithm; false when the key is of another kind or forbids it.
class Verification {
 public:
  Verification(const KeySpec& kind, EVP_PKEY* key, EVP_MD_CTX* context) : kind_(kind), key_(key), context_(context) {}

  bool operator()(const RsaPkcs1Signature& pkcs1) {
    return std::holds_alternative<RsaKey>(kind_) && start(evp_digest(pkcs1.digest)) &&
           EVP_PKEY_CTX_set_rsa_padding(key_context_, RSA_PKCS1_PADDING) > 0;
  }
  bool operator()(const RsaPssSignature& pss) {
    return std::holds_alternative<RsaKey>(kind_) && start(evp_digest(pss.digest)) && set_up_pss(key_context_, pss);
  }
  bool operator()(const EcdsaSignature& ecdsa) {
    return std::holds_alternative<EcKey>(kind_) && start(evp_digest(ecdsa.digest));
  }
  bool operator()(const EdDsaSignature& eddsa) { return kind_ == KeySpec(EdwardsKey{eddsa.curve}) && start(nullptr); }
  bool operator()(const MlDsaSignature& ml_dsa) { return kind_ == KeySpec(MlDsaKey{ml_dsa.set}) && start(nullptr); }

 private:
  bool start(const EVP_MD* digest) {
    return key_ != nullptr && EVP_DigestVerifyInit(context_, &key_context_, digest, nullptr, key_) == 1;
  }

  const KeySpec& kind_;
  EVP_PKEY* key_;
  EVP_MD_CTX* context_;
  EVP_PKEY_CTX* key_context_ = nullptr;  // owned by context_
};

}  // namespace

bool can_verify(const SignatureAlgorithm& algorithm) {
  const auto* ml_dsa = std::get_if<MlDsaSignature>(&algorithm);
  return ml_dsa == nullptr || can_verify_ml_dsa(ml_dsa->set);
}

bool PublicKey::verify(const SignatureAlgorithm& algorithm, ByteView data, ByteView signature) const {
  std::call_once(loaded_->once, [this] { loaded_->key = load_key(*this); });
  const auto context = owned<DigestContextHandle>(EVP_MD_CTX_new(), "EVP_MD_CTX_new");
  Verification verification(kind_, loaded_->key.get(), context.get());
  const bool ready = std::visit(verification, algorithm);
  // One shot, since EdDSA has no other way (RFC 8032, 5.1.7 needs the data twice), and OpenSSL's ML-DSA neither.
  const bool verified =
      ready && EVP_DigestVerify(context.get(), signature.data(), signature.size(), data.data(), data.size()) == 1;
  forget_errors();
  return verified;
}

bool PublicKey::may_have_made(const SignatureAlgorithm& algorithm, ByteView signature) const {
  if (const auto* ml_dsa = std::get_if<MlDsaSignature>(&algorithm))
    return kind_ == KeySpec(MlDsaKey{ml_dsa->set}) && signature.size() == facts(ml_dsa->set).signature_size;
  if (const auto* eddsa = std::get_if<EdDsaSignature>(&algorithm)) return kind_ == KeySpec(EdwardsKey{eddsa->curve});
  const bool ecdsa = std::holds_alternative<EcdsaSignature>(algorithm);
  return ecdsa ? std::holds_alternative<EcKey>(kind_) : std::holds_alternative<RsaKey>(kind_);
}

}  // namespace p11csr::crypto
