#pragma once

#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

namespace p11csr::pkcs11 {

/// P11Kit is p11-kit's library, loaded at its first use: a request that names module, token and key without a URI needs
/// nothing of it, and its 6,000 relocations would be a twentieth of that process's time. It stays loaded.
class P11Kit {
 public:
  /// library throws Error(unexpected) where p11-kit's shared library is missing or lacks a function.
  [[nodiscard]] static const P11Kit& library();

  decltype(&p11_kit_uri_new) uri_new = nullptr;
  decltype(&p11_kit_uri_free) uri_free = nullptr;
  decltype(&p11_kit_uri_parse) uri_parse = nullptr;
  decltype(&p11_kit_uri_message) uri_message = nullptr;
  decltype(&p11_kit_uri_any_unrecognized) uri_any_unrecognized = nullptr;
  decltype(&p11_kit_uri_get_module_info) uri_get_module_info = nullptr;
  decltype(&p11_kit_uri_get_slot_info) uri_get_slot_info = nullptr;
  decltype(&p11_kit_uri_get_slot_id) uri_get_slot_id = nullptr;
  decltype(&p11_kit_uri_get_token_info) uri_get_token_info = nullptr;
  decltype(&p11_kit_uri_get_attribute) uri_get_attribute = nullptr;
  decltype(&p11_kit_uri_get_module_path) uri_get_module_path = nullptr;
  decltype(&p11_kit_uri_get_module_name) uri_get_module_name = nullptr;
  decltype(&p11_kit_uri_get_pin_source) uri_get_pin_source = nullptr;
  decltype(&p11_kit_uri_get_pin_value) uri_get_pin_value = nullptr;
  decltype(&p11_kit_uri_set_pin_value) uri_set_pin_value = nullptr;
  decltype(&p11_kit_uri_match_module_info) uri_match_module_info = nullptr;
  decltype(&p11_kit_uri_match_slot_info) uri_match_slot_info = nullptr;
  decltype(&p11_kit_uri_match_token_info) uri_match_token_info = nullptr;
  decltype(&p11_kit_modules_load) modules_load = nullptr;
  decltype(&p11_kit_modules_release) modules_release = nullptr;
  decltype(&p11_kit_module_get_filename) module_get_filename = nullptr;
  decltype(&p11_kit_config_option) config_option = nullptr;
  decltype(&p11_kit_message) message = nullptr;

 private:
  P11Kit();
};

}  // namespace p11csr::pkcs11
