#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace p11csr::model {

// The C library's classification depends on the locale; protocol text does not.
[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
[[nodiscard]] constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
[[nodiscard]] constexpr bool is_letter(char c) { return is_lower(c) || is_upper(c); }
[[nodiscard]] constexpr bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }
[[nodiscard]] constexpr char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

/// hex_digit is the digit's value, 0 to 15, or empty for anything else.
[[nodiscard]] std::optional<unsigned> hex_digit(char c);

[[nodiscard]] bool is_ascii(std::string_view text);
[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);

/// trimmed is text without the spaces (U+0020 only) at its ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// split gives the pieces between separators, as they are; always at least one.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// join puts the separator between the pieces.
[[nodiscard]] std::string join(const std::vector<std::string_view>& pieces, std::string_view separator);

/// parse_decimal reads digits only, no sign; empty where there are none or the number exceeds `maximum`.
[[nodiscard]] std::optional<unsigned> parse_decimal(std::string_view digits, unsigned maximum);

}  // namespace p11csr::model
