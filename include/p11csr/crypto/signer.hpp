#pragma once

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/signature_algorithm.hpp>

#pragma GCC visibility push(default)
namespace p11csr {

/// Signer holds a private key somewhere: on a token, or in software for tests.
class Signer {
 public:
  virtual ~Signer() = default;
  /// subject_public_key_info is the DER SubjectPublicKeyInfo (RFC 5280, 4.1) of the key that signs.
  [[nodiscard]] virtual Bytes subject_public_key_info() const = 0;
  /// algorithm is what sign will use.
  [[nodiscard]] virtual SignatureAlgorithm algorithm() const = 0;
  /// sign hashes and signs the octets and returns the signature as X.509 wants it: for ECDSA the DER SEQUENCE of
  /// RFC 3279, 2.2.3, not r||s. Throws Error(token_failed) and the like.
  [[nodiscard]] virtual Bytes sign(ByteView to_be_signed) = 0;
};

}  // namespace p11csr
#pragma GCC visibility pop
