#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cryptoki.hpp"

namespace wayward {

// Each throws std::invalid_argument that quotes what it does not understand.

[[nodiscard]] std::vector<std::string_view> split(std::string_view text, std::string_view separators);
[[nodiscard]] std::string_view trim(std::string_view text);
/// fields cuts at colons into exactly `count` pieces; the last one keeps further colons.
[[nodiscard]] std::vector<std::string_view> fields(std::string_view text, std::size_t count);

[[nodiscard]] CK_ULONG parse_number(std::string_view text);
/// parse_constant reads a name of pkcs11.h that begins with prefix ("CKR_"), or a number.
[[nodiscard]] CK_ULONG parse_constant(std::string_view text, std::string_view prefix);
[[nodiscard]] std::string parse_function(std::string_view text);
[[nodiscard]] CK_OBJECT_CLASS parse_class(std::string_view text);
/// parse_value reads true, false, hex:DIGITS or ulong:N as an attribute's octets; nothing for other text.
[[nodiscard]] std::optional<Bytes> parse_value(std::string_view text);

}  // namespace wayward
