#pragma once

#include <string_view>

#include <p11csr/model/request_spec.hpp>

#include "crypto/openssl.hpp"

namespace p11csr::x509 {

/// object_of is the OID as OpenSSL holds it.
[[nodiscard]] crypto::ObjectHandle object_of(const Oid& oid);

/// string_of is an ASN.1 string of the given V_ASN1_ type, its octets unchanged.
[[nodiscard]] crypto::StringHandle string_of(int type, ByteView octets);

/// encode_name is the DER of a Name (RFC 5280, 4.1.2.4). It keeps the order of the RDNs; each value has the string type
/// that string_type() chose.
[[nodiscard]] Bytes encode_name(const Subject& subject);

[[nodiscard]] crypto::GeneralNamesHandle encode_general_names(const std::vector<GeneralName>& names);

/// encode_raw_extension throws Error(malformed_input) when the value is not one DER element.
[[nodiscard]] crypto::ExtensionHandle encode_raw_extension(const RawExtension& raw);

[[nodiscard]] crypto::ExtensionHandle encode_policies(const std::vector<CertificatePolicy>& policies);
[[nodiscard]] crypto::ExtensionHandle encode_tls_features(const TlsFeatures& features);
[[nodiscard]] crypto::ExtensionHandle encode_certificate_template(const CertificateTemplate& name);
[[nodiscard]] crypto::ExtensionHandle encode_security_identifier(const SecurityIdentifier& identifier);

/// encode_extensions gives all extensions of the request, in a fixed order; null when there are none.
[[nodiscard]] crypto::ExtensionsHandle encode_extensions(const RequestSpec& spec);

}  // namespace p11csr::x509
