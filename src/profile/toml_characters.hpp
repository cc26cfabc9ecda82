#pragma once

#include <string_view>

namespace p11csr::profile {

/// check_characters throws Error(malformed_input) that says where a character that is not ASCII stands outside of
/// comments and strings of one line. toml++ 3.3 asks of such a character whether it is white space, and runs into
/// undefined behaviour for most. `file` is the text's name in messages.
void check_characters(std::string_view text, std::string_view file);

}  // namespace p11csr::profile
