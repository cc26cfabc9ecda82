#include "workflow/open_token.hpp"

#include <algorithm>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "pkcs11/registry.hpp"

namespace p11csr::workflow {
namespace {

using pkcs11::ModuleFile;
using pkcs11::Token;
using pkcs11::Uri;

constexpr const char* kNameToken = "choose one with --token and a label or one of the URIs above";

std::optional<Uri> token_uri_of(const TokenChoice& choice) {
  if (!choice.token || !Uri::looks_like(*choice.token)) return std::nullopt;
  Uri uri = Uri::parse(*choice.token);
  if (uri.has_pin_value())
    throw Error(Errc::usage, "a pin-value in a URI on the command line is visible to every user of this machine",
                "use --pin-source, or put the URI into the environment variable P11CSR_TOKEN");
  return uri;
}

std::vector<ModuleFile> module_files(const TokenChoice& choice, const std::vector<const Uri*>& uris) {
  const auto with_choice = [&choice](ModuleFile file) {
    if (!choice.module_arguments.empty()) file.init_arguments = choice.module_arguments;
    file.trusted = file.trusted || choice.trust_module;
    return file;
  };
  if (choice.module) return {with_choice({*choice.module, "", false})};
  for (const Uri* uri : uris) {
    if (uri->module_path()) return {with_choice({*uri->module_path(), "", false})};
    if (uri->module_name()) return {with_choice(pkcs11::module_by_name(*uri->module_name()))};
  }
  auto files = pkcs11::registered_modules();
  std::transform(files.begin(), files.end(), files.begin(), with_choice);
  return files;
}

bool names_one_module(const TokenChoice& choice, const std::vector<const Uri*>& uris) {
  return choice.module ||
         std::any_of(uris.begin(), uris.end(), [](const Uri* uri) { return uri->module_path() || uri->module_name(); });
}

struct Found {
  std::vector<Token> matching;
  std::vector<std::string> others;    // URIs of tokens that are there but do not match
  std::vector<std::string> failures;  // modules that did not start, and slots of one among several modules
  std::vector<Error> slot_failures;   // why slots of the one module that was named could not be asked
  std::size_t modules = 0;
};

std::vector<Token> keep_failures(pkcs11::TokenList list, Found& found) {
  found.slot_failures.insert(found.slot_failures.end(), list.failures.begin(), list.failures.end());
  return std::move(list.tokens);
}

// A token that cannot be asked is not the one that is wanted, as far as is known.
bool is_wanted(const Token& token, const std::function<bool(const Token&)>& wanted, Found& found) {
  try {
    return wanted(token);
  } catch (const Error& error) {
    if (error.code() == Errc::interrupted) throw;
    found.slot_failures.push_back(error);
    return false;
  }
}

void add_tokens_of(const ModuleFile& file, const std::vector<const Uri*>& uris,
                   const std::function<bool(const Token&)>& wanted, const Surroundings& surroundings, Found& found) {
  const auto module = pkcs11::Module::load(file, surroundings.monitor);
  ++found.modules;
  // The first URI is asked of the module; what is left must match the others too.
  auto tokens = keep_failures(pkcs11::list_tokens(module, uris.empty() ? nullptr : uris.front()), found);
  if (uris.size() > 1) {
    const auto also = keep_failures(pkcs11::list_tokens(module, uris.back()), found);
    const auto unmatched = [&also](const Token& token) {
      return std::none_of(also.begin(), also.end(), [&token](const Token& other) { return other.slot == token.slot; });
    };
    tokens.erase(std::remove_if(tokens.begin(), tokens.end(), unmatched), tokens.end());
  }
  for (Token& token : tokens) {
    if (is_wanted(token, wanted, found))
      found.matching.push_back(std::move(token));
    else if (token.info.initialized)
      found.others.push_back(token.info.uri);
  }
}

Found find_tokens(const TokenChoice& choice, const std::vector<const Uri*>& uris,
                  const std::function<bool(const Token&)>& wanted, const Surroundings& surroundings) {
  Found found;
  const bool one = names_one_module(choice, uris);
  for (const ModuleFile& file : module_files(choice, uris)) {
    try {
      add_tokens_of(file, uris, wanted, surroundings, found);
    } catch (const Error& error) {
      if (one || error.code() == Errc::interrupted) throw;
      found.failures.push_back(fmt::format("{} ({})", error.what(), error.call()));
    }
  }
  if (one) return found;
  for (const Error& error : found.slot_failures)
    found.failures.push_back(fmt::format("{} ({})", error.what(), error.call()));
  found.slot_failures.clear();
  return found;
}

// Asked only once nothing has matched: looking at tokens that nobody named costs calls.
void add_unmatched(const TokenChoice& choice, const std::vector<const Uri*>& uris, const Surroundings& surroundings,
                   Found& found) {
  for (const ModuleFile& file : module_files(choice, uris)) {
    try {
      for (const Token& token : pkcs11::list_tokens(pkcs11::Module::load(file, surroundings.monitor), nullptr).tokens)
        if (token.info.initialized) found.others.push_back(token.info.uri);
    } catch (const Error& error) {
      if (error.code() == Errc::interrupted) throw;
    }
  }
}

std::vector<std::string> uris_of(const std::vector<Token>& tokens) {
  std::vector<std::string> uris;
  uris.reserve(tokens.size());
  for (const Token& token : tokens) uris.push_back(token.info.uri);
  return uris;
}

Error no_token(Found found, const TokenChoice& choice, bool by_uri) {
  std::string message = "no token is there that can hold a private key";
  if (choice.token && !by_uri) message = fmt::format("no token has the label '{}'", *choice.token);
  if (by_uri) message = "no token matches the URI";
  if (!found.slot_failures.empty()) {
    const Error& failure = found.slot_failures.front();
    return Error(failure.code(), fmt::format("{}: {}", message, failure.what()), failure.hint(), failure.call())
        .with_candidates(std::move(found.others));
  }
  for (const std::string& failure : found.failures) message += fmt::format("; {}", failure);
  std::string hint = kNameToken;
  if (found.others.empty())
    hint = found.modules == 0 ? "name the module: --module /path/to/module.so, or set P11CSR_MODULE"
                              : "is the reader connected, the daemon running, the token initialised? "
                                "p11csr token list shows what is there";
  return Error(Errc::token_not_found, message, hint).with_candidates(std::move(found.others));
}

}  // namespace

OpenToken open_token(const TokenChoice& choice, pkcs11::KeySelector* key, const Surroundings& surroundings) {
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
    if (by_uri && found.others.empty()) add_unmatched(choice, uris, surroundings, found);
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
    if (token_uri && found.others.empty()) add_unmatched(choice, uris, surroundings, found);
    throw no_token(std::move(found), choice, token_uri.has_value());
  }
  return std::move(found.matching);
}

pkcs11::Login log_in(const pkcs11::Session& session, OpenToken& token, const PinChoice& pin,
                     const Surroundings& surroundings) {
  const auto read = [&](const TokenInfo& info) -> Secret {
    if (pin.asked) return surroundings.read_pin(*pin.asked, info);
    if (token.uri_pin) return std::move(*token.uri_pin);
    return surroundings.read_pin(token.uri_pin_source.value_or(pin.otherwise), info);
  };
  return pkcs11::Login::as_user(session, token.token, read, {pin.allow_final_try, surroundings.say});
}

}  // namespace p11csr::workflow
