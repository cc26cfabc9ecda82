#include "pkcs11/p11_kit.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

namespace p11csr::pkcs11 {
namespace {

// The name that Debian's libp11-kit0 has had since 2012: a change of it is a change of what the functions take.
constexpr const char* kLibrary = "libp11-kit.so.0";

Error not_installed(const char* what) {
  return {Errc::unexpected, fmt::format("cannot use p11-kit, which reads PKCS #11 URIs: {}", what),
          "install the package libp11-kit0"};
}

template <typename Function>
void take(void* library, const char* name, Function*& function) {
  // POSIX lets dlsym's object pointer stand for a function.
  function = reinterpret_cast<Function*>(dlsym(library, name));
  if (function == nullptr) throw not_installed(name);
}

}  // namespace

const P11Kit& P11Kit::library() {
  static const P11Kit loaded;
  return loaded;
}

P11Kit::P11Kit() {
  void* library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw not_installed(kLibrary);
  take(library, "p11_kit_uri_new", uri_new);
  take(library, "p11_kit_uri_free", uri_free);
  take(library, "p11_kit_uri_parse", uri_parse);
  take(library, "p11_kit_uri_message", uri_message);
  take(library, "p11_kit_uri_any_unrecognized", uri_any_unrecognized);
  take(library, "p11_kit_uri_get_module_info", uri_get_module_info);
  take(library, "p11_kit_uri_get_slot_info", uri_get_slot_info);
  take(library, "p11_kit_uri_get_slot_id", uri_get_slot_id);
  take(library, "p11_kit_uri_get_token_info", uri_get_token_info);
  take(library, "p11_kit_uri_get_attribute", uri_get_attribute);
  take(library, "p11_kit_uri_get_module_path", uri_get_module_path);
  take(library, "p11_kit_uri_get_module_name", uri_get_module_name);
  take(library, "p11_kit_uri_get_pin_source", uri_get_pin_source);
  take(library, "p11_kit_uri_get_pin_value", uri_get_pin_value);
  take(library, "p11_kit_uri_set_pin_value", uri_set_pin_value);
  take(library, "p11_kit_uri_match_module_info", uri_match_module_info);
  take(library, "p11_kit_uri_match_slot_info", uri_match_slot_info);
  take(library, "p11_kit_uri_match_token_info", uri_match_token_info);
  take(library, "p11_kit_modules_load", modules_load);
  take(library, "p11_kit_modules_release", modules_release);
  take(library, "p11_kit_module_get_filename", module_get_filename);
  take(library, "p11_kit_config_option", config_option);
  take(library, "p11_kit_message", message);
}

}  // namespace p11csr::pkcs11
