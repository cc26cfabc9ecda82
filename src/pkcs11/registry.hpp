#pragma once

#include <string>
#include <vector>

#include "pkcs11/module.hpp"

namespace p11csr::pkcs11 {

/// registered_modules gives the modules that p11-kit's module files name for this program, with their x-init-reserved.
/// They are found but not initialised. A registered module is trusted as its module file is. Throws Error.
[[nodiscard]] std::vector<ModuleFile> registered_modules();

/// module_by_name finds the file for RFC 7512's module-name: "softhsm2" is libsofthsm2.so or softhsm2.so, registered
/// or in p11-kit's folder of modules. Throws Error(module_unusable).
[[nodiscard]] ModuleFile module_by_name(const std::string& name);

}  // namespace p11csr::pkcs11
