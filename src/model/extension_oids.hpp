#pragma once

#include <string_view>

namespace p11csr::model {

// The extensions that this project has a type for or leaves to the issuer (RFC 5280, 4.2.1).
inline constexpr std::string_view subject_key_identifier_oid = "2.5.29.14";
inline constexpr std::string_view key_usage_oid = "2.5.29.15";
inline constexpr std::string_view subject_alt_name_oid = "2.5.29.17";
inline constexpr std::string_view basic_constraints_oid = "2.5.29.19";
inline constexpr std::string_view authority_key_identifier_oid = "2.5.29.35";
inline constexpr std::string_view extended_key_usage_oid = "2.5.29.37";

/// The attribute that carries extensions in a request (RFC 2985, 5.4.2), and Microsoft's predecessor of it.
inline constexpr std::string_view extension_request_oid = "1.2.840.113549.1.9.14";
inline constexpr std::string_view microsoft_extension_request_oid = "1.3.6.1.4.1.311.2.1.14";

}  // namespace p11csr::model
