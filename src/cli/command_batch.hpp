#pragma once

#include "cli/command.hpp"

namespace p11csr::cli {

/// batch_command is `p11csr batch run|status|export`.
[[nodiscard]] Command batch_command();

/// Its subcommands.
[[nodiscard]] Command batch_run_command();
[[nodiscard]] Command batch_status_command();
[[nodiscard]] Command batch_export_command();

}  // namespace p11csr::cli
