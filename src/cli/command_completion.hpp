#pragma once

#include "cli/command.hpp"

namespace p11csr::cli {

[[nodiscard]] Command completion_command();

}  // namespace p11csr::cli
