#include "cli/command_token_pins.hpp"

#include <fmt/ostream.h>
#include <memory>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/set_up_token.hpp>

#include "cli/new_pin.hpp"
#include "cli/terminal.hpp"
#include "cli/token_options.hpp"
#include "cli/token_report.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using model::printable;

/// SetupFlags are the flags of these commands as they were typed.
struct SetupFlags {
  TokenOptions token;
  std::string so_pin_source;
  NewPinFlags new_pin;
  std::string label;
  bool officer = false;
  bool yes = false;
};

workflow::OfficerChoice officer_choice(const SetupFlags& flags) {
  workflow::OfficerChoice choice;
  if (!flags.so_pin_source.empty()) choice.source = parse_pin_source(flags.so_pin_source);
  choice.allow_final_try = flags.token.allow_final_try;
  return choice;
}

NewPin::Letter letter(const SetupFlags& flags) {
  return flags.token.json ? NewPin::Letter::not_in_json : NewPin::Letter::may_be;
}

// What every one of these commands does around its workflow.
template <typename Workflow>
int set_pin_by(const SetupFlags& flags, NewPin& new_pin, const char* done, Streams& streams, const Workflow& workflow) {
  CallWatch watch(watch_settings(flags.token, false), streams.err);
  const auto read = [&](const TokenInfo& token) { return new_pin.for_token(token, watch); };
  TokenInfo token;
  bool sent = true;  // right after it was read, unless a workflow knows better
  try {
    token = workflow(workflow::NewPinReader(read), watch, sent);
  } catch (const Error& error) {
    throw new_pin.failed(error, sent);
  }
  fmt::print(streams.err, "p11csr: {} '{}' ({})\n", done, printable(token.label), printable(token.uri));
  if (!new_pin.file().empty()) fmt::print(streams.err, "p11csr: its PIN is in '{}'\n", printable(new_pin.file()));
  new_pin.keep(token, streams);
  if (flags.token.json) {
    Json json{{"token", full_token_json(token)}};
    json["pin_out"] = new_pin.file().empty() ? Json(nullptr) : Json(new_pin.file());
    streams.out << to_text(json);
  }
  return 0;
}

bool may_be_erased(const SetupFlags& flags, const TokenInfo& token, CallWatch& watch, Streams& streams) {
  if (flags.yes) return true;
  fmt::print(streams.err,
             "p11csr: the token '{}' (serial {}, {}) will be erased, with every key and certificate on it\n",
             printable(token.label), printable(token.serial), printable(token.model));
  const CallWatch::Pause pause(watch);
  return asks_yes("erase it for ever?", "say --yes to erase it without being asked");
}

int run_init(const SetupFlags& flags, Streams& streams) {
  if (flags.label.empty()) throw Error(Errc::usage, "the token gets no label", "name it with --label");
  NewPin new_pin(flags.new_pin, PinOwner::user, letter(flags));
  const auto officer = officer_choice(flags);
  return set_pin_by(
      flags, new_pin, "initialised the token", streams,
      [&](const workflow::NewPinReader& read, CallWatch& watch, bool& sent) {
        sent = false;
        const auto confirm = [&](const TokenInfo& token) { return may_be_erased(flags, token, watch, streams); };
        const workflow::TokenSetup setup{flags.label, officer, read, confirm, {}, [&sent] { sent = true; }};
        return workflow::initialize_token(token_choice(flags.token), setup, surroundings(watch, streams));
      });
}

int run_set_pin(const SetupFlags& flags, Streams& streams) {
  const auto owner = flags.officer ? PinOwner::security_officer : PinOwner::user;
  NewPin new_pin(flags.new_pin, owner,
                 flags.token.json ? NewPin::Letter::not_in_json : NewPin::Letter::not_for_a_change);
  const workflow::PinChange change{owner, pin_choice(flags.token), officer_choice(flags), {}};
  return set_pin_by(flags, new_pin, flags.officer ? "changed the SO PIN of the token" : "set the PIN of the token",
                    streams, [&](const workflow::NewPinReader& read, CallWatch& watch, const bool& /*unused*/) {
                      auto with_reader = change;
                      with_reader.new_pin = read;
                      return workflow::change_pin(token_choice(flags.token), with_reader, surroundings(watch, streams));
                    });
}

int run_unblock(const SetupFlags& flags, Streams& streams) {
  NewPin new_pin(flags.new_pin, PinOwner::user, letter(flags));
  const auto officer = officer_choice(flags);
  return set_pin_by(flags, new_pin, "set a new PIN for the token", streams,
                    [&](const workflow::NewPinReader& read, CallWatch& watch, const bool& /*unused*/) {
                      return workflow::unblock_pin(token_choice(flags.token), officer, read,
                                                   surroundings(watch, streams));
                    });
}

std::shared_ptr<SetupFlags> common_flags(Options& options) {
  auto flags = std::make_shared<SetupFlags>();
  declare_token_options(options, flags->token);
  declare_officer_option(options, flags->so_pin_source);
  declare_new_pin_options(options, flags->new_pin);
  return flags;
}

std::function<int(Streams&)> declare_init(Options& options) {
  const auto flags = common_flags(options);
  options.text("--label", flags->label, "TEXT", "the token's new label, of 32 octets at most");
  declare_final_try_option(options, flags->token);
  options.flag("--yes", flags->yes, "do not ask before a token that holds something is erased");
  return [flags](Streams& streams) { return run_init(*flags, streams); };
}

std::function<int(Streams&)> declare_set_pin(Options& options) {
  const auto flags = common_flags(options);
  declare_pin_options(options, flags->token);
  options.flag("--so", flags->officer, "change the security officer's PIN instead of the user's");
  return [flags](Streams& streams) { return run_set_pin(*flags, streams); };
}

std::function<int(Streams&)> declare_unblock(Options& options) {
  const auto flags = common_flags(options);
  declare_final_try_option(options, flags->token);
  return [flags](Streams& streams) { return run_unblock(*flags, streams); };
}

}  // namespace

Command token_init_command() {
  return {"init",
          "initialise a token and set its PINs",
          {"p11csr token init --label card-0042",
           "p11csr token init --label card-0042 --so-pin-source file:so-pin --generate-pin 6 --pin-out pin-0042",
           "p11csr token init --token pkcs11:serial=0042 --label card-0042 --yes"},
          declare_init,
          {}};
}

Command token_set_pin_command() {
  return {"set-pin",
          "change the user's PIN, or the security officer's",
          {"p11csr token set-pin --token card-0042",
           "p11csr token set-pin --pin-source env:OLD --new-pin-source file:new-pin", "p11csr token set-pin --so"},
          declare_set_pin,
          {}};
}

Command token_unblock_command() {
  return {"unblock",
          "set a new user PIN with the SO PIN",
          {"p11csr token unblock --token card-0042",
           "p11csr token unblock --so-pin-source file:so-pin --generate-pin 6 --pin-out pin-0042"},
          declare_unblock,
          {}};
}

}  // namespace p11csr::cli
