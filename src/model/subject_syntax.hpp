#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <p11csr/model/subject.hpp>

namespace p11csr::model {

/// parse_rfc4514 reads non-empty RFC 4514 text and gives the RDNs in encoding order, their values not yet judged.
/// `owner` says in errors whose name it is. Throws Error(malformed_input).
[[nodiscard]] std::vector<RelativeDistinguishedName> parse_rfc4514(std::string_view text,
                                                                   std::string_view owner = "the subject");

/// parse_slash_form reads text that begins with '/'; like parse_rfc4514 otherwise.
[[nodiscard]] std::vector<RelativeDistinguishedName> parse_slash_form(std::string_view text,
                                                                      std::string_view owner = "the subject");

/// escape_rfc4514 is a value as RFC 4514, 2.4 writes it.
[[nodiscard]] std::string escape_rfc4514(std::string_view value);

/// is_printable_string tells whether text fits PrintableString's alphabet (X.680, 41.4).
[[nodiscard]] bool is_printable_string(std::string_view text);

}  // namespace p11csr::model
