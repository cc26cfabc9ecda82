#pragma once

#include <string>

namespace p11csr::batch {

/// followed is the file that a path leads to, also where it is not there yet: SQLite's other files stand beside that
/// one, and so must whatever is to be the same for all names of a ledger.
[[nodiscard]] std::string followed(const std::string& path);

}  // namespace p11csr::batch
