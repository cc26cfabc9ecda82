#pragma once

#include <string>

#include <p11csr/pkcs11/key_origin.hpp>

namespace p11csr::cli {

/// text_line is one line of a report for people: name, value in its column. The value is made printable.
[[nodiscard]] std::string text_line(const std::string& name, const std::string& value);

/// origin_text shows, a line each, what the token says of a private key and what the gate makes of it.
[[nodiscard]] std::string origin_text(const KeyOrigin& origin, const OriginVerdict& verdict);

}  // namespace p11csr::cli
