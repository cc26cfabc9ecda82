#pragma once

#include <p11csr/model/error.hpp>

namespace p11csr::cli {

/// exit_code is the documented exit code of an error (docs/CLI.md).
[[nodiscard]] int exit_code(Errc code);

}  // namespace p11csr::cli
