#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <p11csr/model/bytes.hpp>

#include "crypto/openssl.hpp"

namespace p11csr::x509 {

/// octets_of is the content of an ASN.1 string, a view into it.
[[nodiscard]] ByteView octets_of(const ASN1_STRING* string);

/// escape shows text of unknown origin so that it can neither end a line, nor drive a terminal, nor turn the writing
/// direction: such characters, what is no UTF-8, and each of `also` become \HH, an octet at a time.
[[nodiscard]] std::string escape(std::string_view text, std::string_view also = {});

/// escape_ascii is escape for what should be ASCII: all else, and the backslash, become \HH.
[[nodiscard]] std::string escape_ascii(ByteView text);

/// text_of is an ASN.1 string in UTF-8; empty when it is of no string type or its octets are not what the type says.
[[nodiscard]] std::optional<std::string> text_of(const ASN1_STRING* string);

/// RdnEntries are the attributes of one RDN, owned by the name.
using RdnEntries = std::vector<const X509_NAME_ENTRY*>;

/// rdns_of gives the RDNs of a name in encoding order.
[[nodiscard]] std::vector<RdnEntries> rdns_of(const X509_NAME* name);

/// name_text is RFC 4514 text; what a Subject could not hold is escaped.
[[nodiscard]] std::string name_text(const X509_NAME* name);

/// general_name_text is "KIND:VALUE": dns, ip, email, uri and upn as parse_general_name reads them, or dirname, rid,
/// othername, x400, ediparty. Hostile octets are escaped, so that nothing is cut or added; a user principal name with
/// such octets is shown as an othername.
[[nodiscard]] std::string general_name_text(const GENERAL_NAME* name);

/// time_text is "2026-11-23T20:00:00Z", or the escaped octets when they are no time.
[[nodiscard]] std::string time_text(const ASN1_TIME* time);

}  // namespace p11csr::x509
