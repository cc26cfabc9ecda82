#pragma once

#include <string>

#pragma GCC visibility push(default)
namespace p11csr::workflow {

/// Versions are those of the library and of what stands behind it, such as "3.0.17".
struct Versions {
  std::string library;
  std::string openssl_built;    // whose headers it was compiled with
  std::string openssl_running;  // that is loaded now
  std::string libp11;           // that it was built with; it does not tell its version at run time
  std::string p11_kit;          // likewise
  std::string compiler;         // "GNU 12.2.0"
};

/// versions needs no token and loads no module.
[[nodiscard]] Versions versions();

}  // namespace p11csr::workflow
#pragma GCC visibility pop
