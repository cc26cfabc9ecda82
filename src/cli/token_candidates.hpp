#pragma once

#include <string>
#include <vector>

#include "cli/completion.hpp"
#include "cli/token_options.hpp"

namespace p11csr::cli {

/// token_candidates and key_candidates name the tokens and the keys that are seen without a login, within 80 ms or what
/// P11CSR_COMPLETION_TIMEOUT (in milliseconds) allows: labels, or URIs where `typed` begins one. No PIN is read.
[[nodiscard]] std::vector<Candidate> token_candidates(const TokenOptions& options, const std::string& typed);
[[nodiscard]] std::vector<Candidate> key_candidates(const TokenOptions& options, const std::string& typed);

}  // namespace p11csr::cli
