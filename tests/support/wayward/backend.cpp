#include "backend.hpp"

#include <cstdlib>
#include <dlfcn.h>
#include <string>

#include "complain.hpp"

namespace wayward {

CK_FUNCTION_LIST& load_backend() {
  const char* chosen = std::getenv("WAYWARD_MODULE");
  const char* path = chosen != nullptr ? chosen : WAYWARD_DEFAULT_MODULE;
  void* library = ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) complain_and_abort(::dlerror());
  auto* get_function_list = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library, "C_GetFunctionList"));
  if (get_function_list == nullptr) complain_and_abort("no C_GetFunctionList in '" + std::string(path) + "'");
  CK_FUNCTION_LIST* functions = nullptr;
  if (get_function_list(&functions) != CKR_OK || functions == nullptr) {
    complain_and_abort("C_GetFunctionList failed in '" + std::string(path) + "'");
  }
  return *functions;
}

}  // namespace wayward
