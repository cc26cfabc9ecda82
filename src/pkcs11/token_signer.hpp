#pragma once

#include <vector>

#include <p11csr/crypto/public_key.hpp>
#include <p11csr/crypto/signer.hpp>

#include "pkcs11/keys.hpp"
#include "pkcs11/login.hpp"
#include "pkcs11/mechanisms.hpp"
#include "pkcs11/session.hpp"

namespace p11csr::pkcs11 {

/// TokenSigner signs with a private key on a token. Session, login and key outlive it.
class TokenSigner : public Signer {
 public:
  /// `mechanisms` are the ways to sign, the best first, as signing_mechanisms gave them.
  TokenSigner(const Session& session, const Login& login, const PrivateKey& key, crypto::PublicKey public_key,
              SignatureAlgorithm algorithm, std::vector<SigningMechanism> mechanisms);

  [[nodiscard]] Bytes subject_public_key_info() const override { return public_key_.spki(); }
  [[nodiscard]] SignatureAlgorithm algorithm() const override { return algorithm_; }
  /// sign takes the next mechanism, once, where the token refuses the first at C_SignInit; a key that wants it gets its
  /// context-specific login between C_SignInit and C_Sign.
  [[nodiscard]] Bytes sign(ByteView to_be_signed) override;

 private:
  const SigningMechanism& begin();

  const Session& session_;
  const Login& login_;
  const PrivateKey& key_;
  crypto::PublicKey public_key_;
  SignatureAlgorithm algorithm_;
  std::vector<SigningMechanism> mechanisms_;
};

/// the_signing_half signs a fresh random challenge and gives the one of the candidates that verifies it. The first of a
/// single candidate is given back unproven: the signature that follows proves it. A candidate of a kind with which the
/// key cannot sign is passed over. Throws Error(key_ambiguous) where a key wants a login for every signature, and where
/// no candidate verifies the token's Error, if it failed at one of them, or Error(key_not_found).
[[nodiscard]] crypto::PublicKey the_signing_half(const Session& session, const Login& login, const PrivateKey& key,
                                                 const std::vector<crypto::PublicKey>& candidates,
                                                 const std::vector<CK_MECHANISM_TYPE>& listed);

}  // namespace p11csr::pkcs11
