#pragma once

#include <string>

namespace p11csr::pkcs11 {

/// trusted_path follows a module's path, symbolic links included, folder by folder from the root, and gives the path
/// without links that it ends at. Throws Error(module_unusable) when the module, or any folder or link on the way to
/// it, could be changed by users other than root and this one: who can change the module can read the PIN. A folder
/// that others can write to is accepted where it is sticky and what is passed through in it belongs to root or this
/// user. A file that is not there is Error(module_unusable) too.
[[nodiscard]] std::string trusted_path(const std::string& path);

}  // namespace p11csr::pkcs11
