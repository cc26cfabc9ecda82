#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/pkcs11/token_info.hpp>
#include <p11csr/workflow/surroundings.hpp>
#include <p11csr/x509/certificate.hpp>

#pragma GCC visibility push(default)
namespace p11csr::workflow {

/// InstallOptions is all that install_certificate needs to know.
struct InstallOptions {
  TokenChoice token;
  PinChoice pin;
  x509::CertificatePath path;
  std::optional<std::string> label;  // CKA_LABEL; else the key's, else the common name
  std::optional<Bytes> request;      // what was asked of the CA, PEM or DER
  bool replace = false;              // remove older certificates of the key
  bool prove = true;                 // have the key sign a fresh challenge
  bool allow_extractable = false;    // ...although it is not bound to the hardware
  /// officer is for tokens that take certificates from the security officer only (PIV cards): the key proves itself to
  /// the user first.
  std::optional<OfficerChoice> officer = std::nullopt;
};

/// InstalledIssuer is a certificate of the chain on the token.
struct InstalledIssuer {
  std::string uri;
  std::string name;
  bool already_there = false;
};

/// ListedCertificate is a certificate on a token. `document` is absent where it cannot be read, as `problem` says.
struct ListedCertificate {
  std::string uri;
  std::string label;
  std::string id;  // hexadecimal
  std::optional<x509::Description> document;
  std::string problem;
  bool key_seen = false;  // a private key with this CKA_ID was seen
};

/// InstallReport is what became of a certificate.
struct InstallReport {
  TokenInfo token;
  ListedCertificate certificate;
  std::string key_uri;
  std::string spki_sha256;
  bool proved = false;
  bool already_there = false;         // nothing had to be stored
  bool label_stays = false;           // it was there with another label than the one that was asked for
  std::vector<std::string> replaced;  // URIs of what was removed
  std::vector<InstalledIssuer> issuers;
  std::vector<x509::IssuedChange> changes;  // against the request, where one was given
};

/// install_certificate finds the private key by its public value, has it prove itself, stores the certificate under the
/// key's CKA_ID and reads it back. An older certificate goes only once the new one is there. Throws
/// Error(verification_failed) where the key is not on the token or the request is another key's, Error(key_exists)
/// where another certificate has the key's ID and `replace` is false.
[[nodiscard]] InstallReport install_certificate(const InstallOptions& options, const Surroundings& surroundings);

/// CertificateListing is what list_certificates saw; without a login private keys may be hidden.
struct CertificateListing {
  TokenInfo token;
  bool logged_in = false;
  std::vector<ListedCertificate> certificates;
};

/// list_certificates logs in where a PIN source was asked for. Throws Error.
[[nodiscard]] CertificateListing list_certificates(const TokenChoice& choice, const PinChoice& pin, bool log_in,
                                                   const Surroundings& surroundings);

/// find_certificate reads the one certificate that is meant: a label, "id:HEX" or an RFC 7512 URI. No login, unless
/// asked for. Throws Error(key_not_found), Error(key_ambiguous).
[[nodiscard]] ListedCertificate find_certificate(const TokenChoice& choice, const PinChoice& pin, bool log_in,
                                                 const std::string& selector, const Surroundings& surroundings);

/// delete_certificate removes one certificate once `confirm` was asked with its URI, and gives the URI; false throws
/// Error(interrupted). With an officer that one does it, on tokens that delete certificates for nobody else (PIV
/// cards), and the user's PIN is not asked for.
[[nodiscard]] std::string delete_certificate(const TokenChoice& choice, const PinChoice& pin,
                                             const std::optional<OfficerChoice>& officer, const std::string& selector,
                                             const std::function<bool(const std::string&)>& confirm,
                                             const Surroundings& surroundings);

}  // namespace p11csr::workflow
#pragma GCC visibility pop
