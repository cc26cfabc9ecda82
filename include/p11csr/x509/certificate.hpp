#pragma once

#include <string>
#include <vector>

#include <p11csr/crypto/public_key.hpp>
#include <p11csr/model/bytes.hpp>
#include <p11csr/x509/description.hpp>

#pragma GCC visibility push(default)
namespace p11csr::x509 {

/// Certificate is an X.509 certificate with the pieces that a token stores beside it, each as DER.
struct Certificate {
  Bytes der;
  Bytes subject;            // Name
  Bytes issuer;             // Name
  Bytes serial_number;      // INTEGER
  std::string common_name;  // the last one in the subject, or the whole subject; free of control characters
};

/// read_certificates reads one certificate or several: DER, PEM blocks one after the other, or PKCS #7 (DER or PEM).
/// One that is there twice is given once. Throws Error(malformed_input) for anything else, also for a private key.
[[nodiscard]] std::vector<Certificate> read_certificates(ByteView input);

/// certificate_pem is RFC 7468 text "-----BEGIN CERTIFICATE-----" with a final newline.
[[nodiscard]] std::string certificate_pem(ByteView der);

/// CertificatePath is a certificate with those that issued it, directly or not, the issuer before its own issuer.
struct CertificatePath {
  Certificate certificate;
  std::vector<Certificate> issuers;
  std::vector<Certificate> unrelated;  // were given too, and issued none of the others
};

/// order_path finds the one certificate that issued none of the others; where that leaves several, the first that was
/// given. Throws Error(malformed_input) where every one issued another.
[[nodiscard]] CertificatePath order_path(std::vector<Certificate> certificates);

/// IssuedChange is what a CA changed against a request. `requested` or `issued` is empty where that side has none.
struct IssuedChange {
  std::string what;  // "subject", "name", or the extension: "keyUsage"
  std::string requested;
  std::string issued;
};

/// compare_issued lists what differs: subject, each alternative name, requested extensions, and usages that were added.
/// What only a CA can say (key identifiers, where to find its certificate) is no change.
[[nodiscard]] std::vector<IssuedChange> compare_issued(const Description& request, const Description& certificate);

}  // namespace p11csr::x509
#pragma GCC visibility pop
