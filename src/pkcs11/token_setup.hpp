#pragma once

#include <memory>
#include <string>

#include <p11csr/model/secret.hpp>
#include <p11csr/pkcs11/token_info.hpp>

#include "pkcs11/cryptoki.hpp"
#include "pkcs11/module.hpp"

namespace p11csr::pkcs11 {

/// TokenPins are the two PINs of a token: the security officer's and the user's.
struct TokenPins {
  const Secret& security_officer;
  const Secret& user;
};

/// initialize_token makes a token in a slot anew with C_InitToken, which destroys whatever it held, and sets the user
/// PIN as its security officer. The label has 32 octets of UTF-8 at most. Gives the token as it stands then.
/// Throws Error.
[[nodiscard]] TokenInfo initialize_token(const std::shared_ptr<const Module>& module, SlotId slot,
                                         const std::string& label, const TokenPins& pins);

}  // namespace p11csr::pkcs11
