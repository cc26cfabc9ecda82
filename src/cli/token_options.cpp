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
  declare_final_try_option(options, values);
}

void declare_final_try_option(Options& options, TokenOptions& values) {
  options.flag("--allow-final-try", values.allow_final_try, "send the PIN although a wrong one would lock the token",
               Rarity::rare);
}

void declare_officer_option(Options& options, std::string& source) {
  options.text("--so-pin-source", source, "SOURCE",
               "where the security officer's PIN comes from, as --pin-source (default: a prompt)");
}

namespace {

using Value = std::optional<profile::Sourced<std::string>>;

// The order of precedence: flag, variable, config.toml. A variable's name is empty where there is none.
Value said(const std::string& flag_value, const char* flag, const char* variable, const Value& site) {
  if (!flag_value.empty()) return {{flag_value, profile::Origin::flag(flag)}};
  if (const auto value = *variable == '\0' ? std::nullopt : environment_value(variable))
    return {{*value, profile::Origin::variable(variable)}};
  return site;
}

Value module_said(const TokenOptions& options) {
  return said(options.module, "--module", "P11CSR_MODULE", site_defaults().module);
}

Value module_arguments_said(const TokenOptions& options) {
  return said(options.module_arguments, "--module-args", "", site_defaults().module_args);
}

Value pin_source_said(const TokenOptions& options) {
  return said(options.pin_source, "--pin-source", "P11CSR_PIN_SOURCE", site_defaults().pin_source);
}

// A variable that held a PIN is gone by now, and its PIN is in the choice.
Value token_said(const TokenOptions& options, const workflow::TokenChoice& choice) {
  if (!choice.token) return std::nullopt;
  if (options.token) return {{*choice.token, profile::Origin::flag("--token")}};
  if (choice.pin != nullptr || environment_value("P11CSR_TOKEN"))
    return {{*choice.token, profile::Origin::variable("P11CSR_TOKEN")}};
  return site_defaults().token;
}

}  // namespace

workflow::TokenChoice token_choice(const TokenOptions& options) {
  workflow::TokenChoice choice;
  if (auto module = module_said(options)) choice.module = std::move(module->value);
  if (auto arguments = module_arguments_said(options)) choice.module_arguments = std::move(arguments->value);
  choice.trust_module = options.trust_module;
  // A PIN in it has to vanish from the environment even where --token is used instead.
  auto from_environment = take_token_variable();
  if (options.token) {
    if (options.token->empty()) throw Error(Errc::usage, "--token is empty", "give it a value, or leave it away");
    choice.token = options.token;
  } else if (from_environment) {
    choice.token = std::move(from_environment->token);
    if (from_environment->pin) choice.pin = std::make_shared<Secret>(std::move(*from_environment->pin));
  } else if (const auto& site = site_defaults().token) {
    choice.token = site->value;
  }
  return choice;
}

workflow::PinChoice pin_choice(const TokenOptions& options) {
  workflow::PinChoice choice;
  choice.allow_final_try = options.allow_final_try;
  const auto source = pin_source_said(options);
  if (!source) return choice;
  if (options.pin_source.empty())
    choice.otherwise = parse_pin_source(source->value);
  else
    choice.asked = parse_pin_source(source->value);
  return choice;
}

std::vector<profile::ShownValue> token_values(const TokenOptions& options, const workflow::TokenChoice& choice) {
  std::vector<profile::ShownValue> values;
  const auto add = [&values](const char* key, const Value& value) {
    if (value) values.push_back({key, value->value, value->origin});
  };
  add("module", module_said(options));
  add("module_args", module_arguments_said(options));
  add("token", token_said(options, choice));
  add("pin_source", pin_source_said(options));
  return values;
}

bool pin_was_asked_for(const TokenOptions& options, const workflow::TokenChoice& choice) {
  return pin_source_said(options) || choice.pin != nullptr || (choice.token && names_pin_source(*choice.token));
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
  result.read_pin = [&watch](const PinSource& source, PinOwner owner, const TokenInfo& token) {
    const CallWatch::Pause pause(watch);
    return read_pin(source, owner, token);
  };
  result.say = [&streams](const std::string& text) { fmt::print(streams.err, "p11csr: {}\n", model::printable(text)); };
  return result;
}

}  // namespace p11csr::cli
