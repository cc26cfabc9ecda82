#pragma once

#include <string>
#include <string_view>

#include <p11csr/model/bytes.hpp>

namespace p11csr::x509 {

/// is_internal_name tells a single label and what ends in a top-level domain that the public DNS does not have
/// (RFC 6761, RFC 6762, RFC 8375, and ICANN's .internal). A wildcard label does not count; .onion is not meant.
[[nodiscard]] bool is_internal_name(std::string_view name);

/// is_public_suffix tells a top-level domain, and the second-level ones of countries ("co.uk") that are common. The
/// whole list changes too often to be kept in a program.
[[nodiscard]] bool is_public_suffix(std::string_view name);

/// is_reserved_address tells whether 4 or 16 octets are in a block of IANA's registries of special-purpose addresses
/// (RFC 6890), or are no global unicast address. False for other lengths.
[[nodiscard]] bool is_reserved_address(ByteView octets);

/// address_text is the address of 4 or 16 octets as people write it: dotted, or the one form of RFC 5952, 4.
[[nodiscard]] std::string address_text(ByteView octets);

}  // namespace p11csr::x509
