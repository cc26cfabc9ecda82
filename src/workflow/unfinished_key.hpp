#pragma once

#include <vector>

#include "workflow/new_key.hpp"

namespace p11csr::workflow {

/// remove_unfinished removes, where a GenerateKey resumes what an earlier run has planned, what a generation that was
/// cut off can have left of it: the public half alone, or a private half that is there and signs nothing. A key that
/// signs stays, and so does one that the token says it has made. What is removed is said. Throws Error.
void remove_unfinished(const Bench& bench, const GenerateKey& wanted, const std::vector<CK_MECHANISM_TYPE>& listed);

}  // namespace p11csr::workflow
