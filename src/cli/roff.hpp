#pragma once

#include <string>
#include <string_view>

namespace p11csr::cli {

/// roff_text is text as roff shows it, letter by letter: no macro, no escape, and hyphens that can be copied.
[[nodiscard]] std::string roff_text(std::string_view text);

/// add_paragraphs appends paragraphs that blank lines separate; lines that begin with four blanks are shown as they
/// are.
void add_paragraphs(std::string& page, std::string_view text);

/// add_verbatim appends lines that are shown as they are.
void add_verbatim(std::string& page, std::string_view lines);

}  // namespace p11csr::cli
