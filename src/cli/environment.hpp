#pragma once

#include <optional>
#include <string>

namespace p11csr::cli {

/// environment_value gives a variable that is set and not empty.
[[nodiscard]] std::optional<std::string> environment_value(const char* name);

/// wipe_environment_value overwrites a variable where it lies and unsets it: no child and no core dump finds it there
/// any more.
void wipe_environment_value(const char* name);

}  // namespace p11csr::cli
