#pragma once

#include <p11csr/model/bytes.hpp>

#include "crypto/der.hpp"

namespace p11csr::x509 {

/// SignedParts are the three pieces of CertificationRequest (RFC 2986, 4.2) and Certificate (RFC 5280, 4.1) alike, as
/// views into the document.
struct SignedParts {
  ByteView to_be_signed;
  ByteView algorithm;
  ByteView signature;  // content of the BIT STRING, its first octet the count of unused bits
};

/// split_signed throws Error(malformed_input), also when something is behind the document.
[[nodiscard]] SignedParts split_signed(ByteView der);

/// request_key is the SubjectPublicKeyInfo inside a CertificationRequestInfo. Throws Error(malformed_input).
[[nodiscard]] ByteView request_key(ByteView certification_request_info);

/// CertificateParts are two pieces of a TBSCertificate that are compared or shown as they stand.
struct CertificateParts {
  ByteView algorithm;  // of the issuer's signature, the inner one
  ByteView key;        // SubjectPublicKeyInfo
};

/// split_certificate throws Error(malformed_input).
[[nodiscard]] CertificateParts split_certificate(ByteView tbs_certificate);

}  // namespace p11csr::x509
