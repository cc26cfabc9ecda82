#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace p11csr::cli {

/// Prose is what man pages say beyond what commands and topics say of themselves, by the command's path ("token list";
/// "p11csr" for the program).
using Prose = std::map<std::string, std::string>;

/// parse_prose reads docs/man/prose.txt: "== PATH" begins a page's text, in which blank lines separate paragraphs and
/// lines that begin with four blanks are shown as they are. Throws Error(malformed_input).
[[nodiscard]] Prose parse_prose(std::string_view text);

/// ManPage is a page in roff's man macros. Its file is "p11csr-token-list.1".
struct ManPage {
  std::string file;
  std::string text;
};

/// man_pages makes a page for the program, for each command and for each topic (in section 7), from their definitions
/// and the prose. Throws Error(malformed_input) where a command has no prose, or the prose no command.
[[nodiscard]] std::vector<ManPage> man_pages(const Prose& prose);

}  // namespace p11csr::cli
