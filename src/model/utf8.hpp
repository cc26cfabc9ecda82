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

/// is_deceptive tells what a terminal or a reader would be deceived by: controls, and characters that cannot be seen,
/// turn the writing direction or end a line.
[[nodiscard]] constexpr bool is_deceptive(char32_t c) {
  const bool invisible = c == 0xad || (c >= 0x200b && c <= 0x200d) || (c >= 0x2060 && c <= 0x2064) || c == 0xfeff ||
                         (c >= 0xe0000 && c <= 0xe007f);
  const bool direction_mark =
      c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
  return is_control(c) || invisible || direction_mark || c == 0x2028 || c == 0x2029;
}

/// check_text throws Error(malformed_input) where text is no UTF-8 or holds a control character. `what` begins the
/// message: "the subject's CN".
void check_text(std::string_view text, std::string_view what);

}  // namespace p11csr::model
