#include "workflow/open_token.hpp"

#include <algorithm>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "workflow/find_tokens.hpp"

namespace p11csr::workflow {
namespace {

using pkcs11::Token;
using pkcs11::Uri;

constexpr const char* kNameToken = "choose one with --token and a label or one of the URIs above";

std::vector<std::string> uris_of(const std::vector<Token>& tokens) {
  std::vector<std::string> uris;
  uris.reserve(tokens.size());
  for (const Token& token : tokens) uris.push_back(token.info.uri);
  return uris;
}

std::vector<std::string> uris_with_slots(const std::vector<Token>& tokens) {
  std::vector<std::string> uris;
  uris.reserve(tokens.size());
  for (const Token& token : tokens) uris.push_back(uri_with_slot(token.info));
  return uris;
}

Error because_of_a_slot(Found found, const std::string& message) {
  const Error& failure = found.slot_failures.front();
  return Error(failure.code(), fmt::format("{}: {}", message, failure.what()), failure.hint(), failure.call())
      .with_candidates(std::move(found.others));
}

Error no_token(Found found, const TokenChoice& choice, bool by_uri) {
  std::string message = "no token is there that can hold a private key";
  if (choice.token && !by_uri) message = fmt::format("no token has the label '{}'", *choice.token);
  if (by_uri) message = "no token matches the URI";
  if (!found.slot_failures.empty()) return because_of_a_slot(std::move(found), message);
  for (const std::string& failure : found.failures) message += fmt::format("; {}", failure);
  std::string hint = kNameToken;
  if (found.others.empty())
    hint = found.modules.empty() ? "name the module: --module /path/to/module.so, or set P11CSR_MODULE"
                                 : "is the reader connected, the daemon running, the token initialised? "
                                   "p11csr token list shows what is there";
  return Error(Errc::token_not_found, message, hint).with_candidates(std::move(found.others));
}

}  // namespace

std::string uri_with_slot(const TokenInfo& token) {
  if (!token.serial.empty()) return token.uri;
  return fmt::format("{}{}slot-id={}", token.uri, token.uri.back() == ':' ? "" : ";", token.slot_id);
}

OpenToken open_token(const TokenChoice& choice, pkcs11::ObjectSelector* key, const Surroundings& surroundings) {
  std::optional<Uri> token_uri = token_uri_of(choice);
  Uri* key_uri = key != nullptr && key->uri() ? &*key->uri() : nullptr;
  if (key_uri != nullptr && key_uri->has_pin_value())
    throw Error(Errc::usage, "a pin-value in a URI on the command line is visible to every user of this machine",
                "use --pin-source");
  std::vector<const Uri*> uris;
  if (token_uri) uris.push_back(&*token_uri);
  if (key_uri != nullptr &&
      (key_uri->names_token() || key_uri->names_module() || key_uri->module_path() || key_uri->module_name()))
    uris.push_back(key_uri);

  const bool by_uri = !uris.empty();
  const bool by_label = choice.token && !token_uri;
  const bool named =
      by_label || std::any_of(uris.begin(), uris.end(), [](const Uri* uri) { return uri->names_token(); });
  const auto wanted = [&](const Token& token) {
    if (by_label && token.info.label != *choice.token) return false;
    return named ? token.info.initialized : pkcs11::can_hold_private_keys(token);
  };
  Found found = find_tokens(choice, uris, wanted, surroundings);
  if (found.matching.empty()) {
    if (by_uri && found.others.empty()) add_unmatched(found);
    throw no_token(std::move(found), choice, by_uri && !by_label);
  }
  if (found.matching.size() > 1)
    throw Error(Errc::token_ambiguous,
                by_label ? fmt::format("{} tokens have the label '{}'", found.matching.size(), *choice.token)
                         : fmt::format("{} tokens match", found.matching.size()),
                kNameToken)
        .with_candidates(uris_of(found.matching));

  OpenToken open{std::move(found.matching.front()), std::nullopt, std::nullopt};
  if (key_uri != nullptr) open.uri_pin_source = key_uri->pin_source();
  if (token_uri) {
    if (token_uri->pin_source()) open.uri_pin_source = token_uri->pin_source();
  }
  if (choice.pin) open.uri_pin = std::move(*choice.pin);
  return open;
}

std::vector<Token> all_tokens(const TokenChoice& choice, const Surroundings& surroundings) {
  std::optional<Uri> token_uri = token_uri_of(choice);
  std::vector<const Uri*> uris;
  if (token_uri) uris.push_back(&*token_uri);
  const auto wanted = [&](const Token& token) {
    return !choice.token || token_uri || token.info.label == *choice.token;
  };
  Found found = find_tokens(choice, uris, wanted, surroundings);
  if (surroundings.say) {
    for (const std::string& failure : found.failures) surroundings.say(failure);
    for (const Error& failure : found.slot_failures)
      surroundings.say(fmt::format("a slot is left out: {} ({})", failure.what(), failure.call()));
  }
  if (found.matching.empty() && (choice.token || !found.slot_failures.empty())) {
    if (token_uri && found.others.empty()) add_unmatched(found);
    throw no_token(std::move(found), choice, token_uri.has_value());
  }
  return std::move(found.matching);
}

Token token_to_initialize(const TokenChoice& choice, const Surroundings& surroundings) {
  const std::optional<Uri> uri = token_uri_of(choice);
  std::vector<const Uri*> uris;
  if (uri) uris.push_back(&*uri);
  const bool by_label = choice.token && !uri;
  const bool named = by_label || (uri && uri->names_token());
  const auto wanted = [&](const Token& token) {
    if (by_label) return token.info.initialized && token.info.label == *choice.token;
    return named || !token.info.initialized;
  };
  Found found = find_tokens(choice, uris, wanted, surroundings);
  if (found.matching.size() == 1) return std::move(found.matching.front());
  if (found.matching.size() > 1)
    throw Error(Errc::token_ambiguous,
                fmt::format("{} {}", found.matching.size(), named ? "tokens match" : "blank tokens are there"),
                kNameToken)
        .with_candidates(uris_with_slots(found.matching));
  if (named || found.others.empty()) throw no_token(std::move(found), choice, uri && named);
  if (!found.slot_failures.empty()) throw because_of_a_slot(std::move(found), "no blank token is there");
  throw Error(Errc::token_not_found, "no blank token is there",
              "put one in; or name with --token the one that is to be erased and initialised anew")
      .with_candidates(std::move(found.others));
}

Token token_to_show(const TokenChoice& choice, const Surroundings& surroundings) {
  const std::optional<Uri> uri = token_uri_of(choice);
  if (uri && uri->names_token()) return token_to_initialize(choice, surroundings);
  return std::move(open_token(choice, nullptr, surroundings).token);
}

pkcs11::PinReader pin_reader(OpenToken& token, const PinChoice& pin, const Surroundings& surroundings) {
  return [&](const TokenInfo& info) -> Secret {
    if (pin.asked) return surroundings.read_pin(*pin.asked, PinOwner::user, info);
    if (token.uri_pin) return std::move(*token.uri_pin);
    return surroundings.read_pin(token.uri_pin_source.value_or(pin.otherwise), PinOwner::user, info);
  };
}

pkcs11::Login log_in(const pkcs11::Session& session, OpenToken& token, const PinChoice& pin,
                     const Surroundings& surroundings) {
  return pkcs11::Login::as_user(session, token.token, pin_reader(token, pin, surroundings),
                                {pin.allow_final_try, surroundings.say});
}

pkcs11::PinReader officer_pin_reader(const OfficerChoice& officer, const Surroundings& surroundings) {
  return [&](const TokenInfo& info) { return surroundings.read_pin(officer.source, PinOwner::security_officer, info); };
}

pkcs11::Login log_in_officer(const pkcs11::Session& session, const pkcs11::Token& token, const OfficerChoice& officer,
                             const Surroundings& surroundings) {
  return pkcs11::Login::as_security_officer(session, token, officer_pin_reader(officer, surroundings),
                                            {officer.allow_final_try, surroundings.say});
}

}  // namespace p11csr::workflow
