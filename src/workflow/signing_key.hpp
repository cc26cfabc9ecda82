#pragma once

#include <optional>
#include <vector>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/create_request.hpp>

#include "pkcs11/key_generation.hpp"
#include "pkcs11/keys.hpp"
#include "pkcs11/login.hpp"
#include "pkcs11/token.hpp"
#include "pkcs11/token_signer.hpp"

namespace p11csr::workflow {

/// SigningKey is a private key that passed the gate (or was let through by name), with its public half.
struct SigningKey {
  pkcs11::PrivateKey private_key;
  crypto::PublicKey public_key;
  OriginVerdict verdict;
  bool generated = false;
};

/// kind_for_gate is the kind of a private key as far as the gate needs it, before the public half may be known.
[[nodiscard]] KeySpec kind_for_gate(const pkcs11::PrivateKey& key);

/// report describes the key for people and scripts.
[[nodiscard]] KeyReport report(const SigningKey& key);

/// pass_gate lets a key sign, or throws Error(key_not_bound); what speaks against it is said.
void pass_gate(const pkcs11::PrivateKey& key, const OriginVerdict& verdict, bool allow_extractable,
               const Surroundings& surroundings);

/// signs_for has the key sign what nobody could have foreseen; true where that verifies with the public key, or cannot
/// be verified and need not be. The key has passed the gate. Throws Error where the token does not sign, and
/// Error(verification_failed) without a signature where it could not be verified and has to be.
[[nodiscard]] bool signs_for(const pkcs11::Session& session, const pkcs11::Login& login, const pkcs11::PrivateKey& key,
                             const crypto::PublicKey& public_key, const std::vector<CK_MECHANISM_TYPE>& listed,
                             x509::SelfVerification verification);

/// existing_key finds the key, passes it through the gate and pairs it by value. Throws Error(key_not_bound).
[[nodiscard]] SigningKey existing_key(const pkcs11::Session& session, const pkcs11::Login& login,
                                      const pkcs11::ObjectSelector& selector, const pkcs11::Token& token,
                                      const std::vector<CK_MECHANISM_TYPE>& listed, bool allow_extractable,
                                      const Surroundings& surroundings);

/// certified_key is the same key with the public half that a certificate of its CKA_ID shows; empty where none shows
/// another than `tried`. Throws Error.
[[nodiscard]] std::optional<SigningKey> certified_key(const pkcs11::Session& session, const pkcs11::Login& login,
                                                      const SigningKey& tried,
                                                      const std::vector<CK_MECHANISM_TYPE>& listed);

/// require_kind throws Error(key_exists), with the URI, when a key that is there is not of the kind that was asked for.
void require_kind(const KeySpec& there, const std::string& uri, const KeySpec& wanted);

/// after_discard is the error with what became of the new pair in it.
[[nodiscard]] Error after_discard(const Error& error, const pkcs11::GeneratedPair& pair);

}  // namespace p11csr::workflow
