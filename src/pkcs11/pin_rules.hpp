#pragma once

#include <functional>
#include <optional>
#include <string>

#include <p11csr/model/pin_source.hpp>
#include <p11csr/model/secret.hpp>
#include <p11csr/pkcs11/token_info.hpp>

#include "pkcs11/token.hpp"

namespace p11csr::pkcs11 {

/// PinPolicy is how a PIN's counters are treated.
struct PinPolicy {
  bool allow_final_try = false;
  std::function<void(const std::string&)> warn;  // may be empty
};

/// require_may_try reads the flags of the PIN before it is sent: locked, none there yet, one try left. Few tries left
/// are a warning. Throws Error(pin_*).
void require_may_try(const TokenInfo& token, PinOwner owner, const PinPolicy& policy);

/// PinReader gets the PIN for a token, once; it may throw Error(pin_missing). It is not asked for a token that is
/// locked, has no PIN, or has a PIN pad.
using PinReader = std::function<Secret(const TokenInfo&)>;

/// read_known_pin is require_may_try, and then the PIN, its length checked; nothing for a token with a PIN pad.
[[nodiscard]] std::optional<Secret> read_known_pin(const TokenInfo& token, PinOwner owner, const PinReader& pin,
                                                   const PinPolicy& policy);

/// check_known_length refuses a PIN that the token must refuse: that would cost a try on some tokens.
/// check_new_length is the same for a PIN that is to be set. Both throw Error(pin_incorrect); nothing was sent then.
void check_known_length(const Secret& pin, const TokenInfo& token, PinOwner owner);
void check_new_length(const Secret& pin, const TokenInfo& token, PinOwner owner);

/// refused_pin is the error of a call that was given a PIN and failed; it says how many tries are left where the token
/// tells.
[[nodiscard]] Error refused_pin(CK_RV result, const char* call, const Token& token, PinOwner owner);

}  // namespace p11csr::pkcs11
