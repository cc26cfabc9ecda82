#pragma once

#include <string_view>

#pragma GCC visibility push(default)
namespace p11csr {

/// version_major counts changes of the interface that break programs (Semantic Versioning 2.0.0). While it is 0, each
/// minor version may. These numbers are the headers'; the build reads its version here.
inline constexpr unsigned version_major = 0;
/// version_minor counts additions.
inline constexpr unsigned version_minor = 1;
/// version_patch counts corrections.
inline constexpr unsigned version_patch = 0;

/// library_version is that of the library that runs: "0.1.0". It lives as long as the program.
[[nodiscard]] std::string_view library_version() noexcept;

}  // namespace p11csr
#pragma GCC visibility pop
