#pragma once

#include "pkcs11/cryptoki.hpp"

namespace p11csr::pkcs11 {

/// Interface is CK_INTERFACE of PKCS #11 3.0, which p11-kit 0.24 does not have, and GetInterface the type of
/// C_GetInterface.
struct Interface {
  char* name;
  void* function_list;
  CK_FLAGS flags;
};
using GetInterface = CK_RV (*)(unsigned char* name, CK_VERSION* version, Interface** interface, CK_FLAGS flags);

/// interface_list is the function list of a module's interface "PKCS 11" in version 3.2, else 3.0; null where it has
/// neither. All functions of a list of version 2 begin it.
[[nodiscard]] CK_FUNCTION_LIST* interface_list(GetInterface get);

}  // namespace p11csr::pkcs11
