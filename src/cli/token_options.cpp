#include "cli/token_options.hpp"

#include <fmt/ostream.h>
#include <utility>

#include <p11csr/model/error.hpp>

#include "cli/environment.hpp"
#include "cli/pin_input.hpp"
#include "cli/site.hpp"
#include "cli/token_variable.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {

void declare_token_options(Options& options, TokenOptions& values, const std::string& token_text) {
  options.text("--module", values.module, "PATH",
               "the PKCS #11 module's file (else P11CSR_MODULE, else all registered)");
  options.text_or_empty("--token", values.token, "LABEL|URI", token_text);
  options.text("--module-args", values.module_arguments, "TEXT", "init arguments for the module, as NSS wants them",
               Rarity::rare);
  options.flag("--trust-module", values.trust_module, "load a module that others could write to", Rarity::rare);
  options.number("--call-timeout", values.call_timeout, 86400, "SECONDS",
                 "end a call that hangs (default: 60, generation 600)", Rarity::rare);
  options.flag("-v,--verbose", values.verbose, "trace every call to the token on stderr", Rarity::rare);
  options.flag("--json", values.json, "print JSON, errors too (on stderr)");
}

void declare_pin_options(Options& options, TokenOptions& values) {
  options.text("--pin-source", values.pin_source, "SOURCE",
               "prompt, env:NAME, file:PATH, fd:N, command:CMD or credential:NAME (else P11CSR_PIN_SOURCE)");
  options.flag("--allow-final-try", values.allow_final_try, "send the PIN although a wrong one would lock the token",
               Rarity::rare);
}

workflow::TokenChoice token_choice(const TokenOptions& options) {
  workflow::TokenChoice choice;
  const profile::SiteDefaults& site = site_defaults();
  choice.module = options.module.empty() ? environment_value("P11CSR_MODULE") : options.module;
  if (!choice.module && site.module) choice.module = site.module->value;
  choice.module_arguments = options.module_arguments;
  if (choice.module_arguments.empty() && site.module_args) choice.module_arguments = site.module_args->value;
  choice.trust_module = options.trust_module;
  // A PIN in it has to vanish from the environment even where --token is used instead.
  auto from_environment = take_token_variable();
  if (options.token) {
    if (options.token->empty()) throw Error(Errc::usage, "--token is empty", "give it a value, or leave it away");
    choice.token = options.token;
    return choice;
  }
  if (!from_environment) {
    if (site.token) choice.token = site.token->value;
    return choice;
  }
  choice.token = std::move(from_environment->token);
  if (from_environment->pin) choice.pin = std::make_shared<Secret>(std::move(*from_environment->pin));
  return choice;
}

workflow::PinChoice pin_choice(const TokenOptions& options) {
  workflow::PinChoice choice;
  choice.allow_final_try = options.allow_final_try;
  if (!options.pin_source.empty())
    choice.asked = parse_pin_source(options.pin_source);
  else if (const auto source = environment_value("P11CSR_PIN_SOURCE"))
    choice.otherwise = parse_pin_source(*source);
  else if (site_defaults().pin_source)
    choice.otherwise = parse_pin_source(site_defaults().pin_source->value);
  return choice;
}

bool pin_was_asked_for(const TokenOptions& options, const workflow::TokenChoice& choice) {
  if (!options.pin_source.empty() || environment_value("P11CSR_PIN_SOURCE")) return true;
  if (site_defaults().pin_source) return true;
  return choice.pin != nullptr || (choice.token && names_pin_source(*choice.token));
}

WatchSettings watch_settings(const TokenOptions& options, bool generates) {
  WatchSettings settings;
  if (options.call_timeout != 0) settings.timeout = std::chrono::seconds(options.call_timeout);
  settings.trace = options.verbose;
  settings.form = options.json ? ErrorForm::json : ErrorForm::words;
  settings.generates = generates;
  return settings;
}

workflow::Surroundings surroundings(CallWatch& watch, Streams& streams) {
  workflow::Surroundings result;
  result.monitor = &watch;
  result.read_pin = [&watch](const PinSource& source, const TokenInfo& token) {
    const CallWatch::Pause pause(watch);
    return read_pin(source, token);
  };
  result.say = [&streams](const std::string& text) { fmt::print(streams.err, "p11csr: {}\n", model::printable(text)); };
  return result;
}

}  // namespace p11csr::cli
