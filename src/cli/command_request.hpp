#pragma once

#include "cli/command.hpp"

namespace p11csr::cli {

[[nodiscard]] Command request_command();

}  // namespace p11csr::cli
