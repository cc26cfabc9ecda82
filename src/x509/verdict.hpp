#pragma once

#include <optional>

#include <p11csr/crypto/public_key.hpp>
#include <p11csr/x509/description.hpp>

#include "crypto/openssl.hpp"
#include "x509/document.hpp"

namespace p11csr::x509 {

/// judge_request checks a request's signature with the key inside it.
[[nodiscard]] SignatureVerdict judge_request(X509_REQ* request, const SignedParts& parts,
                                             const std::optional<crypto::PublicKey>& key);

/// judge_request checks the signature of a DER CertificationRequest of any content. Throws Error(malformed_input) where
/// the three parts of one are not there.
[[nodiscard]] SignatureVerdict judge_request(ByteView request);

/// judge_certificate checks a self-issued certificate's signature with its own key; others are unchecked.
[[nodiscard]] SignatureVerdict judge_certificate(X509* certificate, const SignedParts& parts,
                                                 const std::optional<crypto::PublicKey>& key);

}  // namespace p11csr::x509
