#pragma once

#include <string>
#include <string_view>

namespace p11csr::model {

/// printable is untrusted text without anything that a terminal or a reader would be deceived by: control characters,
/// invisible ones, characters that turn the writing direction, line separators and what is no UTF-8 are shown as \xHH
/// or \u{HHHH}.
[[nodiscard]] std::string printable(std::string_view text);

/// in_quotes is printable text in single quotes, fit for one line on a terminal and for JSON; long text is cut.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// shell_word is text as one word of a POSIX shell, quoted only where it must be; for hints that are commands.
[[nodiscard]] std::string shell_word(std::string_view text);

}  // namespace p11csr::model
