#include "cli/command_token.hpp"

#include <memory>

#include <p11csr/workflow/keys.hpp>

#include "cli/command_token_pins.hpp"
#include "cli/command_token_wait.hpp"
#include "cli/table.hpp"
#include "cli/token_options.hpp"
#include "cli/token_report.hpp"

namespace p11csr::cli {
namespace {

int run_list(const TokenOptions& options, Streams& streams) {
  CallWatch watch(watch_settings(options, false), streams.err);
  workflow::TokenChoice choice = token_choice(options);
  // Who looks for a token may have chosen another one for all commands.
  if (!options.token) choice.token.reset();
  const auto tokens = workflow::list_tokens(choice, surroundings(watch, streams));
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
  if (!options.json) {
    streams.out << token_text(report);
    return 0;
  }
  Json json = full_token_json(report.info);
  json["mechanisms"] = report.mechanisms;
  streams.out << to_text(json);
  return 0;
}

std::function<int(Streams&)> declare_list(Options& options) {
  const auto values = std::make_shared<TokenOptions>();
  declare_token_options(options, *values, "only those of this label or URI (default: all)");
  return [values](Streams& streams) { return run_list(*values, streams); };
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
          "list, show and initialise tokens, and set their PINs",
          {"p11csr token list", "p11csr token info --token my-hsm --json", "p11csr token init --label card-0042"},
          {},
          {{"list",
            "list the tokens of all modules, or of one",
            {"p11csr token list", "p11csr token list --module /usr/lib/softhsm/libsofthsm2.so --json"},
            declare_list,
            {}},
           {"info",
            "show one token: the state of its PIN, its mechanisms",
            {"p11csr token info", "p11csr token info --token 'pkcs11:token=my-hsm;serial=0123'"},
            declare<run_info>,
            {}},
           token_init_command(),
           token_set_pin_command(),
           token_unblock_command(),
           token_wait_command()}};
}

}  // namespace p11csr::cli
