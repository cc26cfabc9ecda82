#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/crypto/public_key.hpp>
#include <p11csr/model/bytes.hpp>
#include <p11csr/model/request_spec.hpp>

#pragma GCC visibility push(default)
namespace p11csr::x509 {

/// ExtensionDescription is one extension: `name` is RFC 5280's ("subjectAltName") or the dotted OID, `text` is for
/// people (one line or several, control characters escaped), `value` the DER inside extnValue.
struct ExtensionDescription {
  std::string oid;
  std::string name;
  bool critical = false;
  std::string text;
  Bytes value;
};

/// AttributeDescription is one attribute of a request (RFC 2986, 4.1) besides extensionRequest; values as DER.
struct AttributeDescription {
  std::string oid;
  std::string name;
  std::vector<Bytes> values;
};

/// SignatureParameters are what a signature's algorithm says besides its name. Digests are "sha256", "md5"…; empty
/// where there is none or it cannot be read.
struct SignatureParameters {
  std::string digest;
  std::string mgf_digest;                    // of RSASSA-PSS (RFC 4055, 3.1)
  std::optional<std::uint64_t> salt_length;  // likewise, in octets
};

/// SignatureVerdict is what came of checking a signature: `unsupported` when the algorithm is unknown here; `unchecked`
/// for a certificate that another key signed, which is not at hand.
enum class SignatureVerdict { valid, invalid, unsupported, unchecked };

/// DocumentKind tells the two that describe reads apart.
enum class DocumentKind { certification_request, certificate };

/// Description is what a request or a certificate says. It makes no promise that any of it is sensible.
struct Description {
  DocumentKind kind = DocumentKind::certification_request;
  Bytes der;
  Bytes to_be_signed;                          // CertificationRequestInfo or TBSCertificate
  long version = 0;                            // as encoded: 0 for a request, 2 for an X.509 v3 certificate
  std::string subject;                         // RFC 4514, hostile characters escaped
  std::vector<std::string> subject_alt_names;  // "dns:web-01.example", as parse_general_name reads; others "KIND:…"
  std::string key_algorithm;  // "EC P-256"; where p11csr has no such kind the OID's name and the curve or size
  Bytes subject_public_key_info;
  std::optional<crypto::PublicKey> key;  // absent where the kind is unknown or the key is invalid
  std::string signature_algorithm;
  SignatureParameters signature_parameters;
  SignatureVerdict verdict = SignatureVerdict::unsupported;
  std::vector<ExtensionDescription> extensions;
  std::vector<AttributeDescription> attributes;
  std::vector<std::string> notes;  // what a reader should know of it, each one line
  // certificates only
  std::string issuer;
  std::string serial_number;  // lower-case hexadecimal
  std::string not_before;     // "2026-11-23T20:00:00Z"
  std::string not_after;
};

/// describe reads one request or certificate, PEM (text around it allowed) or DER, and checks its signature.
/// Throws Error(malformed_input) for anything else, with what was found instead; never trusts a length.
[[nodiscard]] Description describe(ByteView input);

/// describe_extensions gives the extensions as a request of this spec will have them.
/// Throws Error(malformed_input) for what cannot be encoded.
[[nodiscard]] std::vector<ExtensionDescription> describe_extensions(const RequestSpec& spec);

}  // namespace p11csr::x509
#pragma GCC visibility pop
