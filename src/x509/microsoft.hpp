#pragma once

#include <string_view>

namespace p11csr::x509 {

/// The otherName type of a user principal name (MS-WCCE, 2.2.2.7.7.1 and KB 281245): a UTF8String.
inline constexpr std::string_view user_principal_name_oid = "1.3.6.1.4.1.311.20.2.3";

/// The otherName in the security identifier extension (MS-WCCE, 2.2.2.7.7.4): its text in an OCTET STRING.
inline constexpr std::string_view security_identifier_name_oid = "1.3.6.1.4.1.311.25.2.1";

}  // namespace p11csr::x509
