#pragma once

#include <string>

namespace p11csr::cli {

/// can_prompt tells whether there is a terminal to ask at.
[[nodiscard]] bool can_prompt();

/// asks_yes asks at the terminal; only "y" or "yes" is yes. Without a terminal it throws Error(usage) with the hint.
[[nodiscard]] bool asks_yes(const std::string& question, const std::string& hint);

}  // namespace p11csr::cli
