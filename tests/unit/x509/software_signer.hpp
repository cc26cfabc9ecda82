#pragma once

#include <functional>
#include <utility>

#include <p11csr/crypto/public_key.hpp>
#include <p11csr/crypto/signer.hpp>
#include <p11csr/model/key_spec.hpp>

#include "crypto/openssl.hpp"

namespace p11csr::test {

/// generate_key makes a key pair in software.
[[nodiscard]] crypto::KeyHandle generate_key(const KeySpec& kind);

/// spki_of is the SubjectPublicKeyInfo as OpenSSL encodes it, for comparison with ours.
[[nodiscard]] Bytes spki_of(EVP_PKEY* key);

/// sign_in_software signs as X.509 wants it.
[[nodiscard]] Bytes sign_in_software(EVP_PKEY* key, const SignatureAlgorithm& algorithm, ByteView data);

/// SoftwareSigner signs with a key in memory. `spoil` may change what it hands out, as a bad token would.
class SoftwareSigner : public Signer {
 public:
  SoftwareSigner(const KeySpec& kind, SignatureAlgorithm algorithm)
      : key_(generate_key(kind)), spki_(spki_of(key_.get())), algorithm_(algorithm) {}
  SoftwareSigner(crypto::KeyHandle key, SignatureAlgorithm algorithm)
      : key_(std::move(key)), spki_(spki_of(key_.get())), algorithm_(algorithm) {}

  [[nodiscard]] Bytes subject_public_key_info() const override { return spki_; }
  [[nodiscard]] SignatureAlgorithm algorithm() const override { return algorithm_; }
  [[nodiscard]] Bytes sign(ByteView to_be_signed) override {
    ++calls_;
    Bytes signature = sign_in_software(key_.get(), algorithm_, to_be_signed);
    if (spoil) {
      spoil(signature);
    }
    return signature;
  }

  void pretend_key(Bytes spki) { spki_ = std::move(spki); }
  [[nodiscard]] int calls() const { return calls_; }

  std::function<void(Bytes&)> spoil;

 private:
  crypto::KeyHandle key_;
  Bytes spki_;
  SignatureAlgorithm algorithm_;
  int calls_ = 0;
};

}  // namespace p11csr::test
