#pragma once

#include <optional>
#include <string>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/inspect.hpp>

#include "cli/json.hpp"

namespace p11csr::cli {

/// inspection_text and inspection_json show what `inspect` found (docs/CLI.md). Nothing in the text can drive a
/// terminal.
[[nodiscard]] std::string inspection_text(const workflow::Inspection& result);
[[nodiscard]] Json inspection_json(const workflow::Inspection& result);

/// objection is the error that `inspect` ends with once the report is out: a signature that does not verify, or a key
/// that is not on the token where it was looked for. Empty when there is nothing to object to.
[[nodiscard]] std::optional<Error> objection(const workflow::Inspection& result, bool looked_for);

}  // namespace p11csr::cli
