#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/model/error.hpp>
#include <p11csr/pkcs11/token_info.hpp>

#include "pkcs11/cryptoki.hpp"
#include "pkcs11/module.hpp"
#include "pkcs11/uri.hpp"

namespace p11csr::pkcs11 {

/// Token is a token in a slot of a loaded module.
struct Token {
  std::shared_ptr<const Module> module;
  SlotId slot;
  TokenInfo info;
};

/// TokenList is the tokens of a module, and why slots could not be asked: that need not concern the token that is
/// meant.
struct TokenList {
  std::vector<Token> tokens;
  std::vector<Error> failures;
};

/// slots_with_token lists the slots that hold a token, in the module's order. Throws Error.
[[nodiscard]] std::vector<CK_SLOT_ID> slots_with_token(const Cryptoki& cryptoki);

/// list_tokens asks each slot with a token once (one C_GetTokenInfo a slot). With a URI only those that match it.
/// A token that vanishes meanwhile is left out. Throws Error where the module as a whole fails.
[[nodiscard]] TokenList list_tokens(const std::shared_ptr<const Module>& module, const Uri* match);

/// read_token_info asks the slot afresh. Throws Error.
[[nodiscard]] TokenInfo read_token_info(const Module& module, SlotId slot);

/// list_mechanisms gives what the token says it can do, with one call. Throws Error.
[[nodiscard]] std::vector<CK_MECHANISM_TYPE> list_mechanisms(const Token& token);

/// can_hold_private_keys is false for uninitialised tokens and for those that are there for something else: p11-kit's
/// System Trust, NSS's generic slot.
[[nodiscard]] bool can_hold_private_keys(const Token& token);

}  // namespace p11csr::pkcs11
