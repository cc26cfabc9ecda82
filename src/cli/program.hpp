#pragma once

#include <string>
#include <vector>

#include "cli/streams.hpp"

namespace p11csr::cli {

/// run_program is the whole program behind main: it parses, runs, and maps every error to its exit code.
[[nodiscard]] int run_program(const std::vector<std::string>& arguments, Streams streams);

}  // namespace p11csr::cli
