#pragma once

#include <functional>
#include <optional>
#include <string>

#include <p11csr/model/secret.hpp>
#include <p11csr/pkcs11/token_info.hpp>

#include "pkcs11/login.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/token.hpp"

namespace p11csr::pkcs11 {

/// require_label throws Error(malformed_input) where a token cannot have the label: 1 to 32 octets.
void require_label(const std::string& label);

/// initialize_token makes a token anew with C_InitToken, which destroys whatever it held. No session with it may be
/// open. A token with a PIN pad asks there: no PIN. Throws Error.
void initialize_token(const Token& token, const std::string& label, const Secret* officer);

/// set_user_pin sets the user PIN as the security officer, whose PIN the token has just taken. `about_to_set` is called
/// right before C_InitPIN. Throws Error.
void set_user_pin(const Token& token, const Secret* officer, const Secret* user,
                  const std::function<void()>& about_to_set);

/// NextPin gives the PIN that is to be set, once the old one was read; nothing for a token with a PIN pad.
using NextPin = std::function<std::optional<Secret>(const TokenInfo&)>;

/// change_user_pin and change_officer_pin replace a PIN (C_SetPIN). The old one is tried once; a token that wants a
/// login first gets one, any other one afterwards, with the new PIN. Throw Error(pin_*).
void change_user_pin(const Session& session, const Token& token, const PinReader& old_pin, const NextPin& new_pin,
                     const PinPolicy& policy);
void change_officer_pin(const Session& session, const Token& token, const PinReader& old_pin, const NextPin& new_pin,
                        const PinPolicy& policy);

}  // namespace p11csr::pkcs11
