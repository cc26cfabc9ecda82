#include "cli/command_token.hpp"

#include <fmt/format.h>
#include <memory>

#include <p11csr/workflow/keys.hpp>

#include "cli/request_report.hpp"
#include "cli/table.hpp"
#include "cli/token_options.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using model::printable;

std::string pin_state(const TokenInfo& token) {
  if (!token.initialized) return "not initialised";
  if (!token.login_required) return "no login needed";
  if (token.user_pin_locked) return "locked: unblock with the SO PIN";
  if (!token.user_pin_initialized) return "not set: set one with the SO PIN";
  if (token.user_pin_final_try) return "final try";
  if (token.user_pin_count_low) return "few tries left";
  return token.user_pin_to_be_changed ? "to be changed" : "set";
}

Json flags_json(const TokenInfo& token) {
  return {{"initialized", token.initialized},
          {"write_protected", token.write_protected},
          {"login_required", token.login_required},
          {"user_pin_initialized", token.user_pin_initialized},
          {"protected_authentication_path", token.protected_authentication_path},
          {"user_pin_count_low", token.user_pin_count_low},
          {"user_pin_final_try", token.user_pin_final_try},
          {"user_pin_locked", token.user_pin_locked},
          {"user_pin_to_be_changed", token.user_pin_to_be_changed},
          {"so_pin_count_low", token.so_pin_count_low},
          {"so_pin_final_try", token.so_pin_final_try},
          {"so_pin_locked", token.so_pin_locked}};
}

Json full_token_json(const TokenInfo& token) {
  Json json = token_json(token);
  json["hardware"] = token.hardware;
  json["module"] = token.module_path;
  json["slot_id"] = token.slot_id;
  json["pin"] = pin_state(token);
  json["min_pin_length"] = token.min_pin_length;
  json["max_pin_length"] = token.max_pin_length;
  const auto number = [](const auto& value) { return value ? Json(*value) : Json(nullptr); };
  json["max_sessions"] = number(token.max_sessions);
  json["free_public_memory"] = number(token.free_public_memory);
  json["free_private_memory"] = number(token.free_private_memory);
  json["flags"] = flags_json(token);
  return json;
}

int run_list(const TokenOptions& options, Streams& streams) {
  CallWatch watch(watch_settings(options, false), streams.err);
  const auto tokens = workflow::list_tokens(token_choice(options), surroundings(watch, streams));
  if (options.json) {
    Json list = Json::array();
    for (const TokenInfo& token : tokens) list.push_back(full_token_json(token));
    streams.out << to_text(Json{{"tokens", std::move(list)}});
    return 0;
  }
  Table table({"LABEL", "SERIAL", "MODEL", "PIN", "URI"});
  for (const TokenInfo& token : tokens)
    table.add({token.label, token.serial, token.model, pin_state(token), token.uri});
  streams.out << table.text();
  if (tokens.empty())
    streams.err << "p11csr: no token is there: is the reader connected, the daemon running, the module right?\n";
  return 0;
}

int run_info(const TokenOptions& options, Streams& streams) {
  CallWatch watch(watch_settings(options, false), streams.err);
  const auto report = workflow::show_token(token_choice(options), surroundings(watch, streams));
  const TokenInfo& token = report.info;
  if (options.json) {
    Json json = full_token_json(token);
    json["mechanisms"] = report.mechanisms;
    streams.out << to_text(json);
    return 0;
  }
  const auto line = [&streams](const char* name, const std::string& value) {
    streams.out << fmt::format("{:<14}{}\n", name, printable(value));
  };
  line("label", token.label);
  line("manufacturer", token.manufacturer);
  line("model", token.model);
  line("serial", token.serial);
  line("firmware", token.firmware);
  line("uri", token.uri);
  line("module", token.module_path);
  line("PIN", pin_state(token));
  line("PIN length", fmt::format("{} to {}", token.min_pin_length, token.max_pin_length));
  if (token.protected_authentication_path) line("PIN pad", "the token asks for the PIN itself");
  if (token.so_pin_locked) line("SO PIN", "locked");
  if (token.max_sessions)
    line("sessions", *token.max_sessions == 0 ? "no limit told" : fmt::format("{} at most", *token.max_sessions));
  line("mechanisms", fmt::format("{}", report.mechanisms.size()));
  for (const std::string& mechanism : report.mechanisms)
    if (mechanism.rfind("CKM_", 0) == 0) line("", mechanism);
  return 0;
}

template <int (*Run)(const TokenOptions&, Streams&)>
std::function<int(Streams&)> declare(Options& options) {
  const auto values = std::make_shared<TokenOptions>();
  declare_token_options(options, *values);
  return [values](Streams& streams) { return Run(*values, streams); };
}

}  // namespace

Command token_command() {
  return {"token",
          "list the tokens, or show what one can do",
          {"p11csr token list", "p11csr token info --token my-hsm --json"},
          {},
          {{"list",
            "list the tokens of all modules, or of one",
            {"p11csr token list", "p11csr token list --module /usr/lib/softhsm/libsofthsm2.so --json"},
            declare<run_list>,
            {}},
           {"info",
            "show one token: the state of its PIN, its mechanisms",
            {"p11csr token info", "p11csr token info --token 'pkcs11:token=my-hsm;serial=0123'"},
            declare<run_info>,
            {}}}};
}

}  // namespace p11csr::cli
