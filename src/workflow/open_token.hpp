#pragma once

#include <optional>
#include <vector>

#include <p11csr/workflow/surroundings.hpp>

#include "pkcs11/login.hpp"
#include "pkcs11/object_selector.hpp"
#include "pkcs11/token.hpp"

namespace p11csr::workflow {

/// OpenToken is the one token that was meant, its module loaded, and the PIN its URI came with.
struct OpenToken {
  pkcs11::Token token;
  std::optional<PinSource> uri_pin_source;
  std::optional<Secret> uri_pin;
};

/// open_token finds the one token. A key's URI may say which token as well; it must not contradict the choice.
/// Throws Error(token_not_found), Error(token_ambiguous) with the candidates' URIs, or Error(module_unusable).
[[nodiscard]] OpenToken open_token(const TokenChoice& choice, pkcs11::ObjectSelector* key,
                                   const Surroundings& surroundings);

/// all_tokens gives every token that the choice leaves, uninitialised ones included. A registered module that does not
/// start is told to the surroundings and left out.
[[nodiscard]] std::vector<pkcs11::Token> all_tokens(const TokenChoice& choice, const Surroundings& surroundings);

/// token_to_initialize finds the one token that is to be made anew: the one that is named, blank or not, else the only
/// blank one. Throws as open_token does.
[[nodiscard]] pkcs11::Token token_to_initialize(const TokenChoice& choice, const Surroundings& surroundings);

/// uri_with_slot is the token's URI, which names its slot where it has no serial number: a blank token mostly has none.
[[nodiscard]] std::string uri_with_slot(const TokenInfo& token);

/// token_to_show finds the token as open_token does, a blank one too where a URI names it.
[[nodiscard]] pkcs11::Token token_to_show(const TokenChoice& choice, const Surroundings& surroundings);

/// pin_reader fetches the user's PIN from the choice, the token's URI, or the default source. Its arguments outlive it.
[[nodiscard]] pkcs11::PinReader pin_reader(OpenToken& token, const PinChoice& pin, const Surroundings& surroundings);

/// log_in logs the user in with the PIN that pin_reader fetches.
[[nodiscard]] pkcs11::Login log_in(const pkcs11::Session& session, OpenToken& token, const PinChoice& pin,
                                   const Surroundings& surroundings);

/// officer_pin_reader fetches the security officer's PIN; log_in_officer logs the officer in with it.
[[nodiscard]] pkcs11::PinReader officer_pin_reader(const OfficerChoice& officer, const Surroundings& surroundings);
[[nodiscard]] pkcs11::Login log_in_officer(const pkcs11::Session& session, const pkcs11::Token& token,
                                           const OfficerChoice& officer, const Surroundings& surroundings);

}  // namespace p11csr::workflow
