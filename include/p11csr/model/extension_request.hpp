#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/general_name.hpp>
#include <p11csr/model/microsoft.hpp>
#include <p11csr/model/oid.hpp>

#pragma GCC visibility push(default)
namespace p11csr {

/// KeyUsageBit numbers the bits of the KeyUsage extension (RFC 5280, 4.2.1.3).
enum class KeyUsageBit : std::uint8_t {
  digital_signature = 0,
  content_commitment = 1,
  key_encipherment = 2,
  data_encipherment = 3,
  key_agreement = 4,
  key_cert_sign = 5,
  crl_sign = 6,
  encipher_only = 7,
  decipher_only = 8,
};

/// KeyUsage is a non-empty set of bits; each once, in bit order.
class KeyUsage {
 public:
  /// parse reads a comma-separated list of RFC 5280 names ("digitalSignature,keyCertSign"; nonRepudiation too), any
  /// case. Throws Error(malformed_input) for an unknown or repeated name and for an empty list.
  [[nodiscard]] static KeyUsage parse(std::string_view list);
  /// bits are in the order of their numbers.
  [[nodiscard]] const std::vector<KeyUsageBit>& bits() const noexcept { return bits_; }

 private:
  std::vector<KeyUsageBit> bits_;
};

/// key_usage_name is the name of RFC 5280, such as "digitalSignature".
[[nodiscard]] std::string_view key_usage_name(KeyUsageBit bit);

/// ExtendedKeyUsage is a non-empty list of purposes, each once, in the order given (RFC 5280, 4.2.1.12).
class ExtendedKeyUsage {
 public:
  /// parse reads a comma-separated list of names ("serverAuth,clientAuth") or dotted OIDs, names in any case.
  /// Throws Error(malformed_input) for an unknown or repeated purpose and for an empty list.
  [[nodiscard]] static ExtendedKeyUsage parse(std::string_view list);
  /// purposes are in the order in which they are encoded.
  [[nodiscard]] const std::vector<Oid>& purposes() const noexcept { return purposes_; }

 private:
  std::vector<Oid> purposes_;
};

/// purpose_name is the short name of a key purpose ("serverAuth"), or its dotted OID where it has none.
[[nodiscard]] std::string purpose_name(const Oid& purpose);

/// BasicConstraints says whether the key is a CA's (RFC 5280, 4.2.1.9); path_length only with ca.
struct BasicConstraints {
  bool ca = false;
  std::optional<unsigned> path_length;

  /// parse reads "ca", "ca,pathlen=N", "ca:true", "ca:false" or "end-entity". Throws Error(malformed_input).
  [[nodiscard]] static BasicConstraints parse(std::string_view text);
};

/// TlsFeatures is a non-empty list of TLS extension numbers that a server must support (RFC 7633), in the order given.
class TlsFeatures {
 public:
  /// parse reads a comma-separated list of "status_request", "status_request_v2" or numbers up to 65535.
  /// Throws Error(malformed_input) for an unknown or repeated one and for an empty list.
  [[nodiscard]] static TlsFeatures parse(std::string_view list);
  /// numbers are in the order in which they are encoded.
  [[nodiscard]] const std::vector<std::uint16_t>& numbers() const noexcept { return numbers_; }

 private:
  std::vector<std::uint16_t> numbers_;
};

/// tls_feature_name is "status_request" or the number.
[[nodiscard]] std::string tls_feature_name(std::uint16_t number);

/// CertificatePolicy is one policy (RFC 5280, 4.2.1.4), with the URI of its practice statement where that is given.
struct CertificatePolicy {
  Oid oid;
  std::optional<std::string> practice_statement;  // ASCII

  /// parse reads "OID" or "OID,cps=URI". Throws Error(malformed_input).
  [[nodiscard]] static CertificatePolicy parse(std::string_view text);
  /// text is what parse reads back.
  [[nodiscard]] std::string text() const;
};

/// RawExtension is an extension by OID whose value the caller gives, as DER or as text for ASN1_generate_nconf(3).
struct RawExtension {
  Oid oid;
  bool critical = false;
  bool is_der = true;
  Bytes der;         // with is_der: the extnValue's content
  std::string asn1;  // otherwise: the text behind "asn1:"

  /// parse reads "OID[,critical]=hex:DER" or "OID[,critical]=asn1:TEXT". Whether the bytes are DER is judged when the
  /// extension is encoded. Throws Error(malformed_input).
  [[nodiscard]] static RawExtension parse(std::string_view text);
};

/// ExtensionRequest is what goes into the request's one extensionRequest attribute (RFC 2985, 5.4.2).
struct ExtensionRequest {
  std::vector<GeneralName> subject_alt_names;
  std::optional<KeyUsage> key_usage;
  std::optional<ExtendedKeyUsage> extended_key_usage;
  std::optional<BasicConstraints> basic_constraints;
  std::vector<CertificatePolicy> policies;  // each once
  std::optional<TlsFeatures> tls_features;
  std::optional<CertificateTemplate> certificate_template;
  std::optional<SecurityIdentifier> security_identifier;  // as the extension 1.3.6.1.4.1.311.25.2
  std::vector<RawExtension> raw;
  /// Whether each is critical, where that is not as RFC 5280 has it: key usage and basic constraints are, extended key
  /// usage is not, and the names are where the subject is empty (then they always are).
  std::optional<bool> names_critical;
  std::optional<bool> key_usage_critical;
  std::optional<bool> extended_key_usage_critical;
  std::optional<bool> basic_constraints_critical;
};

}  // namespace p11csr
#pragma GCC visibility pop
