#pragma once

#include "cli/command.hpp"

namespace p11csr::cli {

/// The commands of `token` that change it or its PINs.
[[nodiscard]] Command token_init_command();
[[nodiscard]] Command token_set_pin_command();
[[nodiscard]] Command token_unblock_command();

}  // namespace p11csr::cli
