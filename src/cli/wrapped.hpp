#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace p11csr::cli {

/// add_wrapped appends words in lines of 80 columns, each after the first indented, and a line end. The text's last
/// line is taken to be `indent` columns long already.
void add_wrapped(std::string& text, std::string_view words, std::size_t indent);

}  // namespace p11csr::cli
