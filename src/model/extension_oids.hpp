#pragma once

#include <string_view>
#include <vector>

#include <p11csr/model/extension_request.hpp>

namespace p11csr::model {

// The extensions that this project has a type for or leaves to the issuer (RFC 5280, 4.2.1).
inline constexpr std::string_view subject_key_identifier_oid = "2.5.29.14";
inline constexpr std::string_view key_usage_oid = "2.5.29.15";
inline constexpr std::string_view subject_alt_name_oid = "2.5.29.17";
inline constexpr std::string_view basic_constraints_oid = "2.5.29.19";
inline constexpr std::string_view certificate_policies_oid = "2.5.29.32";
inline constexpr std::string_view authority_key_identifier_oid = "2.5.29.35";
inline constexpr std::string_view extended_key_usage_oid = "2.5.29.37";

/// RFC 7633.
inline constexpr std::string_view tls_feature_oid = "1.3.6.1.5.5.7.1.24";
/// The extensions that ask for a template, by name and by OID (MS-WCCE, 2.2.2.7.7.1 and 2.2.2.7.7.2), and the one with
/// an account's SID (2.2.2.7.7.4).
inline constexpr std::string_view template_name_oid = "1.3.6.1.4.1.311.20.2";
inline constexpr std::string_view template_oid = "1.3.6.1.4.1.311.21.7";
inline constexpr std::string_view security_identifier_oid = "1.3.6.1.4.1.311.25.2";

/// The attribute that carries extensions in a request (RFC 2985, 5.4.2), and Microsoft's predecessor of it.
inline constexpr std::string_view extension_request_oid = "1.2.840.113549.1.9.14";
inline constexpr std::string_view microsoft_extension_request_oid = "1.3.6.1.4.1.311.2.1.14";

/// The attribute unstructuredName (RFC 2985, 5.2.2).
inline constexpr std::string_view unstructured_name_oid = "1.2.840.113549.1.9.2";

/// TypedExtension is one that the model has a type for.
struct TypedExtension {
  bool given;
  std::string_view oid;
  std::string_view name;
};

/// typed_extensions says of each whether it is asked for.
[[nodiscard]] std::vector<TypedExtension> typed_extensions(const ExtensionRequest& extensions);

}  // namespace p11csr::model
