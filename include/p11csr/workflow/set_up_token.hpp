#pragma once

#include <functional>
#include <string>

#include <p11csr/model/pin_source.hpp>
#include <p11csr/model/secret.hpp>
#include <p11csr/pkcs11/token_info.hpp>
#include <p11csr/workflow/surroundings.hpp>

#pragma GCC visibility push(default)
namespace p11csr::workflow {

/// NewPinReader gives the PIN that is to be set for a token, once, right before it is sent and after everything was
/// checked that can be. It is not asked for a token with a PIN pad. It may throw Error.
using NewPinReader = std::function<Secret(const TokenInfo&)>;

/// TokenSetup is what initialize_token makes of a token.
struct TokenSetup {
  std::string label;  // 1 to 32 octets of UTF-8
  OfficerChoice officer;
  NewPinReader new_pin;  // of the user
  /// confirm is asked before a token that holds something is erased; false throws Error(interrupted).
  std::function<bool(const TokenInfo&)> confirm;
  /// about_to_initialize is called right before C_InitToken; may be empty.
  std::function<void()> about_to_initialize;
  /// about_to_set_pin is called right before C_InitPIN; may be empty.
  std::function<void()> about_to_set_pin;
};

/// initialize_token makes the token that is meant anew (C_InitToken) and sets the user PIN as its security officer
/// (C_InitPIN). Without a choice it takes the only blank one. The SO PIN of a blank token is the one that it is given,
/// or the one of its maker; that of another token must be the one it has. Gives the token as it stands then. Throws
/// Error; one behind C_InitToken says what the token lacks, as far as that is known.
[[nodiscard]] TokenInfo initialize_token(const TokenChoice& choice, const TokenSetup& setup,
                                         const Surroundings& surroundings);

/// PinChange is what change_pin does: the user's PIN needs `pin`, the security officer's `officer`. A user PIN that is
/// not set yet is set by the security officer.
struct PinChange {
  PinOwner owner = PinOwner::user;
  PinChoice pin;
  OfficerChoice officer;
  NewPinReader new_pin;
};

/// change_pin replaces a PIN by one call (C_SetPIN). Gives the token as it stands then. Throws Error.
[[nodiscard]] TokenInfo change_pin(const TokenChoice& choice, const PinChange& change,
                                   const Surroundings& surroundings);

/// unblock_pin sets a new user PIN as the security officer (C_InitPIN), whether the old one is locked or forgotten.
/// Gives the token as it stands then. Throws Error.
[[nodiscard]] TokenInfo unblock_pin(const TokenChoice& choice, const OfficerChoice& officer,
                                    const NewPinReader& new_pin, const Surroundings& surroundings);

/// check_token_label throws Error(malformed_input) for a label that no token can have (PKCS #11, C_InitToken: 32 octets
/// of UTF-8).
void check_token_label(const std::string& label);

}  // namespace p11csr::workflow
#pragma GCC visibility pop
