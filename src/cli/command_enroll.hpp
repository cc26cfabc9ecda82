#pragma once

#include "cli/command.hpp"

namespace p11csr::cli {

/// enroll_command is `p11csr enroll`.
[[nodiscard]] Command enroll_command();

}  // namespace p11csr::cli
