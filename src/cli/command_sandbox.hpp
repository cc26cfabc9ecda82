#pragma once

#include "cli/command.hpp"

namespace p11csr::cli {

[[nodiscard]] Command sandbox_command();

}  // namespace p11csr::cli
