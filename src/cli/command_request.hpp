#pragma once

#include <string>

#include <p11csr/workflow/create_request.hpp>

#include "cli/command.hpp"

namespace p11csr::cli {

[[nodiscard]] Command request_command();

/// new_key_choice reads what --generate, --label, --id and --if-exists say. Throws Error(usage, malformed_input).
[[nodiscard]] workflow::GenerateKey new_key_choice(const KeySpec& kind, const std::string& label, const std::string& id,
                                                   const std::string& exists);

}  // namespace p11csr::cli
