#pragma once

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <string>

#include "pkcs11/cryptoki.hpp"

namespace p11csr::pkcs11 {

/// unpadded is a field of fixed size without its padding: blanks (PKCS #11, 3.2), or NUL as some modules pad.
template <std::size_t Size>
[[nodiscard]] std::string unpadded(const unsigned char (&field)[Size]) {
  const auto* end = std::find(std::begin(field), std::end(field), '\0');
  while (end != std::begin(field) && *(end - 1) == ' ') --end;
  return {std::begin(field), end};
}

/// version_text is "2.40".
[[nodiscard]] inline std::string version_text(const CK_VERSION& version) {
  return fmt::format("{}.{}", version.major, version.minor);
}

}  // namespace p11csr::pkcs11
