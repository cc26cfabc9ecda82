#pragma once

#include <string>

namespace p11csr::pkcs11 {

/// require_trusted_path throws Error(module_unusable) when a module file, or the folder it lies in, could be written to
/// by users other than root and this one: who can change the module can read the PIN. A file that is not there is left
/// to the loader, and so is a bare name, which the loader looks up in the system's folders.
void require_trusted_path(const std::string& path);

}  // namespace p11csr::pkcs11
