#pragma once

#include <string>

#include <p11csr/pkcs11/token_info.hpp>
#include <p11csr/workflow/keys.hpp>

#include "cli/json.hpp"

namespace p11csr::cli {

/// pin_state says in a few words how it stands with the user PIN: "set", "locked: unblock with the SO PIN".
[[nodiscard]] std::string pin_state(const TokenInfo& token);

/// token_line is one line of a report on a token for people: name, value in its column. The value is made printable.
[[nodiscard]] std::string token_line(const char* name, const std::string& value);

/// full_token_json is all that the token says of itself.
[[nodiscard]] Json full_token_json(const TokenInfo& token);

/// token_text is the same for people, with what it can do for a request.
[[nodiscard]] std::string token_text(const workflow::TokenReport& report);

}  // namespace p11csr::cli
