#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace p11csr::model {

/// CodePoint is one Unicode scalar value and how many octets of UTF-8 hold it.
struct CodePoint {
  char32_t value;
  std::size_t octets;
};

/// first_code_point decodes the beginning of text. Empty for empty text and for what RFC 3629 forbids: overlong forms,
/// surrogates, values above U+10FFFF, cut sequences.
[[nodiscard]] std::optional<CodePoint> first_code_point(std::string_view text);

/// count_code_points is the length in characters, or empty where text is no UTF-8.
[[nodiscard]] std::optional<std::size_t> count_code_points(std::string_view text);

/// is_control tells the C0 and C1 controls and DEL.
[[nodiscard]] constexpr bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7f && c <= 0x9f); }

/// check_text throws Error(malformed_input) where text is no UTF-8 or holds a control character. `what` begins the
/// message: "the subject's CN".
void check_text(std::string_view text, std::string_view what);

}  // namespace p11csr::model
