#include "cli/token_options.hpp"

#include <fmt/ostream.h>
#include <utility>

#include "cli/command.hpp"
#include "cli/environment.hpp"
#include "cli/pin_input.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {

void declare_token_options(CLI::App& app, TokenOptions& options) {
  app.add_option("--module", options.module, "the PKCS #11 module's file (else P11CSR_MODULE, else all registered)")
      ->type_name("PATH");
  app.add_option("--token", options.token, "the token's label or RFC 7512 URI (else P11CSR_TOKEN, else the only one)")
      ->type_name("LABEL|URI");
  app.add_option("--module-args", options.module_arguments, "init arguments for the module, as NSS wants them")
      ->type_name("TEXT")
      ->group(kMoreOptions);
  app.add_flag("--trust-module", options.trust_module, "load a module that others could write to")->group(kMoreOptions);
  app.add_option("--call-timeout", options.call_timeout, "end a call that hangs (default: 60, generation 600)")
      ->type_name("SECONDS")
      ->check(CLI::Range(1U, 86400U))
      ->group(kMoreOptions);
  app.add_flag("-v,--verbose", options.verbose, "trace every call to the token on stderr")->group(kMoreOptions);
  app.add_flag("--json", options.json, "print JSON, errors too (on stderr)");
}

void declare_pin_options(CLI::App& app, TokenOptions& options) {
  app.add_option("--pin-source", options.pin_source,
                 "prompt, env:NAME, file:PATH, fd:N, command:CMD or credential:NAME (else P11CSR_PIN_SOURCE)")
      ->type_name("SOURCE");
  app.add_flag("--allow-final-try", options.allow_final_try, "send the PIN although a wrong one would lock the token")
      ->group(kMoreOptions);
}

workflow::TokenChoice token_choice(const TokenOptions& options) {
  workflow::TokenChoice choice;
  choice.module = options.module.empty() ? environment_value("P11CSR_MODULE") : options.module;
  choice.module_arguments = options.module_arguments;
  choice.trust_module = options.trust_module;
  // A URI with a PIN in it has to vanish, even where --token is used instead; others are for children too.
  auto from_environment = environment_value("P11CSR_TOKEN");
  if (from_environment && from_environment->find("pin-value") != std::string::npos)
    from_environment = take_environment_value("P11CSR_TOKEN");
  if (!options.token.empty()) {
    choice.token = options.token;
    return choice;
  }
  choice.token = std::move(from_environment);
  choice.pin_value_allowed = true;
  return choice;
}

workflow::PinChoice pin_choice(const TokenOptions& options) {
  workflow::PinChoice choice;
  choice.allow_final_try = options.allow_final_try;
  if (!options.pin_source.empty())
    choice.asked = parse_pin_source(options.pin_source);
  else if (const auto source = environment_value("P11CSR_PIN_SOURCE"))
    choice.otherwise = parse_pin_source(*source);
  return choice;
}

bool pin_was_asked_for(const TokenOptions& options, const workflow::TokenChoice& choice) {
  if (!options.pin_source.empty() || environment_value("P11CSR_PIN_SOURCE")) return true;
  return choice.token && choice.token->find("pin-") != std::string::npos && choice.token->rfind("pkcs11:", 0) == 0;
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
