#pragma once

#include <string>

#pragma GCC visibility push(default)
namespace p11csr {

/// LibraryInfo is what C_GetInfo says of a module (PKCS #11, 3.1), texts without their padding.
struct LibraryInfo {
  std::string cryptoki;  // "2.40"
  std::string manufacturer;
  std::string description;
  std::string version;
};

}  // namespace p11csr
#pragma GCC visibility pop
