#pragma once

#include <cstdint>
#include <optional>
#include <string>

#pragma GCC visibility push(default)
namespace p11csr {

/// TokenInfo is what C_GetTokenInfo said when the token was looked for (PKCS #11, 3.4), texts without their padding.
struct TokenInfo {
  std::string label;
  std::string manufacturer;
  std::string model;
  std::string serial;
  std::string firmware;  // "2.6"
  std::string hardware;
  std::string uri;  // RFC 7512, token attributes only
  std::string module_path;
  std::uint64_t slot_id = 0;

  bool initialized = false;
  bool write_protected = false;
  bool login_required = false;
  bool user_pin_initialized = false;
  bool protected_authentication_path = false;
  bool user_pin_count_low = false;
  bool user_pin_final_try = false;
  bool user_pin_locked = false;
  bool user_pin_to_be_changed = false;
  bool so_pin_count_low = false;
  bool so_pin_final_try = false;
  bool so_pin_locked = false;

  std::uint64_t min_pin_length = 0;
  std::uint64_t max_pin_length = 0;
  /// tells_pin_length is false where the two say nothing: some tokens leave them at 0.
  [[nodiscard]] bool tells_pin_length() const noexcept {
    return max_pin_length != 0 && max_pin_length >= min_pin_length;
  }
  std::optional<std::uint64_t> max_sessions;         // absent: not told; 0: no limit
  std::optional<std::uint64_t> free_public_memory;   // octets
  std::optional<std::uint64_t> free_private_memory;  // octets
};

}  // namespace p11csr
#pragma GCC visibility pop
