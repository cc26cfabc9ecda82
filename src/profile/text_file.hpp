#pragma once

#include <optional>
#include <string>

namespace p11csr::profile {

/// read_text_file gives a file's content, empty where no file has this name. Throws Error(file_failed) for one that
/// cannot be read, Error(malformed_input) for one of more than a megabyte.
[[nodiscard]] std::optional<std::string> read_text_file(const std::string& path);

}  // namespace p11csr::profile
