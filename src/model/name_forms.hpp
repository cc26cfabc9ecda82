#pragma once

#include <string>
#include <string_view>

#include <p11csr/model/general_name.hpp>

namespace p11csr::model {

// Each reads the VALUE of a general name; it is non-empty, UTF-8 and free of control characters (check_text).
// Each throws Error(malformed_input) that quotes the value.
[[nodiscard]] DnsName parse_dns_name(std::string_view value);
[[nodiscard]] IpAddress parse_ip_address(std::string_view value);
[[nodiscard]] Rfc822Name parse_rfc822_name(std::string_view value);
[[nodiscard]] UniformResourceIdentifier parse_uri(std::string_view value);
[[nodiscard]] UserPrincipalName parse_upn(std::string_view value);
[[nodiscard]] DirectoryName parse_directory_name(std::string_view value);
/// parse_other_name reads "OID;UTF8:text", "OID;IA5:text" or "OID;HEX:der"; other_name_text writes it.
[[nodiscard]] OtherName parse_other_name(std::string_view value);
[[nodiscard]] std::string other_name_text(const OtherName& name);

/// host_name is a domain name in A-labels: parse_dns_name without wildcard and underscore.
[[nodiscard]] std::string host_name(std::string_view value);

/// ends_in_a_number tells of a name in ASCII what programs read as an IPv4 address, if a wrong one; no top-level domain
/// looks like it (RFC 3696, 2).
[[nodiscard]] bool ends_in_a_number(std::string_view ascii);

/// is_ip_address tells whether parse_ip_address takes the value.
[[nodiscard]] bool is_ip_address(std::string_view value);

}  // namespace p11csr::model
