#include "pkcs11/registry.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <unistd.h>

#include <p11csr/model/error.hpp>

#include "pkcs11/p11_kit.hpp"

namespace p11csr::pkcs11 {
namespace {

struct TextFreer {
  void operator()(char* text) const noexcept { std::free(text); }
};
using Text = std::unique_ptr<char, TextFreer>;

struct ListReleaser {
  void operator()(CK_FUNCTION_LIST** modules) const noexcept { P11Kit::library().modules_release(modules); }
};

std::string base_name(const std::string& path) {
  std::string name = path.substr(path.rfind('/') + 1);
  if (name.rfind("lib", 0) == 0) name.erase(0, 3);
  return name.substr(0, name.find(".so"));
}

}  // namespace

std::vector<ModuleFile> registered_modules() {
  const std::unique_ptr<CK_FUNCTION_LIST*, ListReleaser> modules(P11Kit::library().modules_load(nullptr, 0));
  if (!modules)
    throw Error(Errc::module_unusable,
                fmt::format("p11-kit cannot read its list of modules: {}", P11Kit::library().message()),
                "name the module: --module /path/to/module.so");
  std::vector<ModuleFile> files;
  for (CK_FUNCTION_LIST** module = modules.get(); *module != nullptr; ++module) {
    const Text path(P11Kit::library().module_get_filename(*module));
    if (!path) continue;
    const Text reserved(P11Kit::library().config_option(*module, "x-init-reserved"));
    files.push_back({path.get(), reserved ? reserved.get() : "", true});
  }
  return files;
}

ModuleFile module_by_name(const std::string& name) {
  if (name.find('/') != std::string::npos)
    throw Error(Errc::malformed_input, fmt::format("module-name '{}' is a path", name), "use module-path for a path");
  for (ModuleFile& file : registered_modules())
    if (base_name(file.path) == name) return file;
  for (const std::string& candidate : {name + ".so", "lib" + name + ".so"}) {
    std::string path = fmt::format("{}/{}", P11CSR_REGISTERED_MODULE_DIR, candidate);
    if (access(path.c_str(), R_OK) == 0) return {std::move(path), "", false};
  }
  throw Error(Errc::module_unusable, fmt::format("no module is named '{}'", name),
              "name the module by its file: --module /path/to/module.so");
}

}  // namespace p11csr::pkcs11
