#pragma once

#include <string>

#include "cli/completion.hpp"
#include "cli/options.hpp"
#include "cli/token_options.hpp"

namespace p11csr::cli {

/// values_of answers what an option's value, or an operand, may be: by what its definition calls it. `typed` is what of
/// it is there, `token` what was said about the token so far.
[[nodiscard]] Completion values_of(const OptionText& option, const std::string& typed, const TokenOptions& token);

}  // namespace p11csr::cli
