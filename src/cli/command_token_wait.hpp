#pragma once

#include "cli/command.hpp"

namespace p11csr::cli {

[[nodiscard]] Command token_wait_command();

}  // namespace p11csr::cli
