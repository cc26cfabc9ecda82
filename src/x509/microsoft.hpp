#pragma once

#include <string_view>

namespace p11csr::x509 {

/// The otherName type of a user principal name (MS-WCCE, 2.2.2.7.7.1 and KB 281245): a UTF8String.
inline constexpr std::string_view user_principal_name_oid = "1.3.6.1.4.1.311.20.2.3";

/// The extensions that ask for a template, by name and by OID (MS-WCCE, 2.2.2.7.7.1 and 2.2.2.7.7.2).
inline constexpr std::string_view template_name_oid = "1.3.6.1.4.1.311.20.2";
inline constexpr std::string_view template_oid = "1.3.6.1.4.1.311.21.7";
/// The extension with an account's SID, and the otherName in it (MS-WCCE, 2.2.2.7.7.4).
inline constexpr std::string_view security_identifier_oid = "1.3.6.1.4.1.311.25.2";
inline constexpr std::string_view security_identifier_name_oid = "1.3.6.1.4.1.311.25.2.1";

}  // namespace p11csr::x509
