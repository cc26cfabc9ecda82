#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace p11csr::cli {

/// tar_entry is a file of mode 0644 in a tar archive (POSIX.1-1988 ustar; a name of more than 100 octets in a pax
/// header, POSIX.1-2001). `time` is seconds since 1970.
[[nodiscard]] std::string tar_entry(const std::string& name, std::string_view content, std::int64_t time);
/// tar_end ends an archive.
[[nodiscard]] std::string tar_end();

}  // namespace p11csr::cli
