#pragma once

#include <cstddef>
#include <map>
#include <string>

#include <p11csr/model/bytes.hpp>

namespace p11csr::x509 {

/// RepeatedEntry is a name that a section has twice, of which OpenSSL keeps the last alone.
struct RepeatedEntry {
  std::string name;
  std::string file;  // empty for the configuration itself
  std::size_t line;  // of the second, from 1
};

/// repeated_entries gives the first repeated name of each section of a configuration (config(5)). A section that is
/// begun anew goes on. Included files are looked into where their path holds neither variables nor quotes.
[[nodiscard]] std::map<std::string, RepeatedEntry> repeated_entries(ByteView text);

}  // namespace p11csr::x509
