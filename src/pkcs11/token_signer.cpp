#include "pkcs11/token_signer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include <p11csr/crypto/digest.hpp>
#include <p11csr/crypto/key_sanity.hpp>
#include <p11csr/model/error.hpp>

#include "pkcs11/return_code.hpp"

namespace p11csr::pkcs11 {
namespace {

CK_MECHANISM_TYPE hash_mechanism(Digest digest) {
  switch (digest) {
    case Digest::sha256:
      return CKM_SHA256;
    case Digest::sha384:
      return CKM_SHA384;
    case Digest::sha512:
      return CKM_SHA512;
  }
  return CKM_SHA256;
}

CK_RSA_PKCS_MGF_TYPE mask_function(Digest digest) {
  switch (digest) {
    case Digest::sha256:
      return CKG_MGF1_SHA256;
    case Digest::sha384:
      return CKG_MGF1_SHA384;
    case Digest::sha512:
      return CKG_MGF1_SHA512;
  }
  return CKG_MGF1_SHA256;
}

// What the token is given where the host hashes: the digest, in a DigestInfo for PKCS #1 v1.5.
struct HostHashed {
  ByteView data;
  Bytes operator()(const RsaPkcs1Signature& s) const {
    return crypto::digest_info(s.digest, crypto::digest(s.digest, data));
  }
  Bytes operator()(const RsaPssSignature& s) const { return crypto::digest(s.digest, data); }
  Bytes operator()(const EcdsaSignature& s) const { return crypto::digest(s.digest, data); }
  Bytes operator()(const EdDsaSignature& /*unused*/) const { return {data.begin(), data.end()}; }
  Bytes operator()(const MlDsaSignature& /*unused*/) const { return {data.begin(), data.end()}; }
};

// Where the length is fixed the room is exactly that: NSS 3.131 refuses any other for EdDSA. An RSA-16384 signature has
// 2,048 octets.
struct Room {
  std::size_t operator()(const RsaPkcs1Signature& /*unused*/) const { return 2048; }
  std::size_t operator()(const RsaPssSignature& /*unused*/) const { return 2048; }
  std::size_t operator()(const EcdsaSignature& /*unused*/) const { return 2048; }
  std::size_t operator()(const EdDsaSignature& s) const { return 2 * crypto::edwards_key_size(s.curve); }
  std::size_t operator()(const MlDsaSignature& s) const { return facts(s.set).signature_size; }
};

bool is_refusal(CK_RV result) { return result == CKR_MECHANISM_INVALID || result == CKR_MECHANISM_PARAM_INVALID; }

}  // namespace

TokenSigner::TokenSigner(const Session& session, const Login& login, const PrivateKey& key,
                         crypto::PublicKey public_key, SignatureAlgorithm algorithm,
                         std::vector<SigningMechanism> mechanisms)
    : session_(session),
      login_(login),
      key_(key),
      public_key_(std::move(public_key)),
      algorithm_(algorithm),
      mechanisms_(std::move(mechanisms)) {}

const SigningMechanism& TokenSigner::begin() {
  CK_RSA_PKCS_PSS_PARAMS pss{};
  CK_RV result = CKR_MECHANISM_INVALID;
  for (const SigningMechanism& way : mechanisms_) {
    CK_MECHANISM mechanism{way.type, nullptr, 0};
    if (const auto* algorithm = std::get_if<RsaPssSignature>(&algorithm_)) {
      pss = {hash_mechanism(algorithm->digest), mask_function(algorithm->digest), algorithm->salt_length};
      mechanism = {way.type, &pss, sizeof pss};
    }
    result = session_.sign_init(mechanism, key_.handle);
    if (result == CKR_OK) return way;
    if (!is_refusal(result)) break;
  }
  throw failure(result, "C_SignInit");
}

Bytes TokenSigner::sign(ByteView to_be_signed) {
  const SigningMechanism way = begin();
  if (key_.always_authenticate) login_.for_signature(session_);
  const std::size_t room = std::visit(Room{}, algorithm_);
  Bytes signature = way.hashes == WhoHashes::token
                        ? session_.sign(to_be_signed, room)
                        : session_.sign(std::visit(HostHashed{to_be_signed}, algorithm_), room);
  if (!std::holds_alternative<EcdsaSignature>(algorithm_)) return signature;
  try {
    return crypto::ecdsa_to_der(signature);
  } catch (const Error& error) {
    throw Error(Errc::token_failed, fmt::format("the token's ECDSA signature is malformed: {}", error.what()), "",
                call_text("C_Sign", CKR_OK));
  }
}

namespace {

// Tokens have many codes for a mechanism that does not fit the key; a token that is gone fails at the next call too.
bool may_be_for_another_kind(const Error& error) {
  return error.code() == Errc::token_failed || error.code() == Errc::mechanism_unsupported;
}

}  // namespace

crypto::PublicKey the_signing_half(const Session& session, const Login& login, const PrivateKey& key,
                                   const std::vector<crypto::PublicKey>& candidates,
                                   const std::vector<CK_MECHANISM_TYPE>& listed) {
  if (candidates.size() == 1) return candidates.front();
  if (key.always_authenticate)
    throw Error(Errc::key_ambiguous,
                fmt::format("{} public keys may belong to the key, and telling which would need the PIN again",
                            candidates.size()),
                "give the key pairs different CKA_IDs")
        .with_candidates({key.uri});
  const Bytes challenge = crypto::random_bytes(32);
  std::optional<Error> failed;
  for (const crypto::PublicKey& candidate : candidates) {
    const SignatureAlgorithm algorithm = choose_signature_algorithm(candidate.kind(), std::nullopt, std::nullopt);
    Bytes signature;
    if (!crypto::can_verify(algorithm)) {
      failed = Error(Errc::verification_failed,
                     fmt::format("{} public keys may belong to the key, and what it signs with {} cannot be verified",
                                 candidates.size(), signature_name(algorithm)),
                     "use OpenSSL 3.5 or newer, or give the key pairs different CKA_IDs");
      continue;
    }
    try {
      signature =
          TokenSigner(session, login, key, candidate, algorithm, signing_mechanisms(algorithm, listed)).sign(challenge);
    } catch (const Error& error) {
      if (!may_be_for_another_kind(error)) throw;
      failed = error;
      continue;
    }
    const auto proven = std::find_if(candidates.begin(), candidates.end(), [&](const crypto::PublicKey& half) {
      return half.kind() == candidate.kind() && half.verify(algorithm, challenge, signature);
    });
    if (proven != candidates.end()) return *proven;
  }
  if (failed) throw Error(*failed);
  throw Error(Errc::key_not_found,
              fmt::format("none of the {} public keys with the key's ID verifies what it signs", candidates.size()),
              "the public half of the key is missing: write it to the token with the same CKA_ID")
      .with_candidates({key.uri});
}

}  // namespace p11csr::pkcs11
