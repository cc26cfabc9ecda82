#pragma once

#include <string>

namespace p11csr::cli {

/// wants_der reads a --form: "der", or "pem" and nothing. Throws Error(usage).
[[nodiscard]] bool wants_der(const std::string& form);

}  // namespace p11csr::cli
