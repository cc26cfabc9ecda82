#pragma once

#include <span>
#include <string>

namespace p11csr::cli {

/// version_text is what --version prints, given what stands behind it: nothing, or --json. Throws Error(usage) for
/// anything else.
[[nodiscard]] std::string version_text(std::span<const std::string> arguments);

}  // namespace p11csr::cli
