#include "cli/command_key.hpp"

#include <fmt/ostream.h>
#include <memory>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/keys.hpp>

#include "cli/key_place.hpp"
#include "cli/origin_text.hpp"
#include "cli/request_report.hpp"
#include "cli/self_verification.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "cli/token_options.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using model::printable;

/// KeyFlags are the flags of the key commands as they were typed.
struct KeyFlags {
  TokenOptions token;
  std::string key;
  std::string spec;
  std::string label;
  KeyPlace place;
  bool allow_extractable = false;
  bool no_self_verify = false;
  bool yes = false;
};

std::string details_text(const workflow::KeyDetails& details) {
  const auto& key = details.key;
  return text_line("uri", key.uri) + text_line("label", key.label) + text_line("id", key.id) +
         text_line("algorithm", key.algorithm) + text_line("SPKI SHA-256", key.spki_sha256) +
         origin_text(key.origin, details.verdict) + details.public_key_pem;
}

int show(const workflow::KeyDetails& details, const KeyFlags& flags, Streams& streams) {
  if (!flags.token.json) {
    streams.out << details_text(details);
    return 0;
  }
  Json json{{"key", key_json(details.key)}, {"token", token_json(details.token)}};
  json["public_key"] = details.public_key_pem;
  json["warnings"] = details.key.warnings;
  json["replaced"] = details.key.replaced;
  streams.out << to_text(json);
  return 0;
}

Json listed_json(const workflow::ListedKey& key) {
  return {{"uri", key.uri},
          {"label", key.label},
          {"id", key.id},
          {"algorithm", key.algorithm},
          {"spki_sha256", key.spki_sha256},
          {"private", key.private_seen},
          {"public", key.public_seen},
          {"problem", key.problem}};
}

int run_list(const KeyFlags& flags, Streams& streams) {
  CallWatch watch(watch_settings(flags.token, false), streams.err);
  const auto choice = token_choice(flags.token);
  const bool log_in = pin_was_asked_for(flags.token, choice) || can_prompt();
  const auto listing = workflow::list_keys(choice, pin_choice(flags.token), log_in, surroundings(watch, streams));
  if (flags.token.json) {
    Json keys = Json::array();
    for (const auto& key : listing.keys) keys.push_back(listed_json(key));
    Json json{{"token", token_json(listing.token)}, {"logged_in", listing.logged_in}};
    json["keys"] = std::move(keys);
    streams.out << to_text(json);
    return 0;
  }
  Table table({"LABEL", "ID", "ALGORITHM", "NOTE", "URI"});
  for (const auto& key : listing.keys) {
    std::string note = key.problem;
    if (note.empty() && !key.private_seen)
      note = listing.logged_in ? "the private half is missing" : "private half not visible without a login";
    table.add({key.label, key.id, key.algorithm, note, key.uri});
  }
  streams.out << table.text();
  if (!listing.logged_in) streams.err << "p11csr: without --pin-source only public keys can be seen\n";
  return 0;
}

int run_show(const KeyFlags& flags, Streams& streams) {
  CallWatch watch(watch_settings(flags.token, false), streams.err);
  return show(
      workflow::show_key(token_choice(flags.token), pin_choice(flags.token), flags.key, surroundings(watch, streams)),
      flags, streams);
}

int run_generate(const KeyFlags& flags, Streams& streams) {
  if (flags.spec.empty())
    throw Error(Errc::usage, "the kind of key is missing", "p11csr key generate ec:P-256 --label web-01");
  if (flags.label.empty() && flags.place.piv_slot.empty())
    throw Error(Errc::usage, "the new key has no label", "name it with --label");
  CallWatch watch(watch_settings(flags.token, true), streams.err);
  // A PIV card gives its slots labels of its own.
  const std::string label = flags.label.empty() ? "PIV " + flags.place.piv_slot : flags.label;
  const auto wanted = new_key_choice(parse_key_spec(flags.spec), label, flags.place, flags.token, watch, streams);
  const auto details =
      workflow::generate_key(token_choice(flags.token), pin_choice(flags.token), wanted, flags.allow_extractable,
                             self_verification(flags.no_self_verify), surroundings(watch, streams));
  fmt::print(streams.err, "p11csr: {} {} key {}\n", details.key.generated ? "generated" : "used the existing",
             details.key.algorithm, printable(details.key.uri));
  if (details.proved)
    fmt::print(streams.err, "p11csr: {}\n",
               *details.proved ? "a fresh challenge that it signed verifies"
                               : "what it signed was not verified: OpenSSL here does not have the algorithm");
  tell_replaced(details.key, streams);
  return show(details, flags, streams);
}

int run_delete(const KeyFlags& flags, Streams& streams) {
  CallWatch watch(watch_settings(flags.token, false), streams.err);
  const auto confirm = [&](const std::vector<std::string>& uris) {
    if (flags.yes) return true;
    for (const std::string& uri : uris) fmt::print(streams.err, "{}\n", printable(uri));
    const CallWatch::Pause pause(watch);
    return asks_yes("delete these for ever?", "say --yes to delete without being asked");
  };
  const auto deleted = workflow::delete_key(token_choice(flags.token), pin_choice(flags.token),
                                            officer_choice(flags.place.so_pin_source, flags.token), flags.key, confirm,
                                            surroundings(watch, streams));
  if (flags.token.json) {
    streams.out << to_text(Json{{"deleted", deleted.uris}});
    return 0;
  }
  for (const std::string& uri : deleted.uris) fmt::print(streams.err, "p11csr: deleted {}\n", printable(uri));
  return 0;
}

std::shared_ptr<KeyFlags> common_flags(Options& options) {
  auto flags = std::make_shared<KeyFlags>();
  declare_token_options(options, flags->token);
  declare_pin_options(options, flags->token);
  return flags;
}

std::function<int(Streams&)> declare_list(Options& options) {
  const auto flags = common_flags(options);
  return [flags](Streams& streams) { return run_list(*flags, streams); };
}

void declare_key(Options& options, KeyFlags& flags) {
  options.operand("KEY", "--key", flags.key, "a label, id:HEX or an RFC 7512 URI");
}

void require_key(const KeyFlags& flags) {
  if (flags.key.empty()) throw Error(Errc::usage, "the key is missing", "p11csr key list shows the keys");
}

std::function<int(Streams&)> declare_show(Options& options) {
  const auto flags = common_flags(options);
  declare_key(options, *flags);
  return [flags](Streams& streams) {
    require_key(*flags);
    return run_show(*flags, streams);
  };
}

std::function<int(Streams&)> declare_generate(Options& options) {
  const auto flags = common_flags(options);
  options.operand("SPEC", "--generate", flags->spec, "rsa:3072, ec:P-256, ec:P-384, ed25519, ml-dsa-65, …");
  options.text("--label", flags->label, "TEXT", "the new key's label");
  declare_key_place(options, flags->place, Rarity::usual);
  options.flag("--allow-extractable", flags->allow_extractable, "keep a key that is not bound to the hardware");
  declare_self_verification(options, flags->no_self_verify);
  return [flags](Streams& streams) { return run_generate(*flags, streams); };
}

std::function<int(Streams&)> declare_delete(Options& options) {
  const auto flags = common_flags(options);
  declare_key(options, *flags);
  options.flag("--yes", flags->yes, "do not ask");
  options.text("--so-pin-source", flags->place.so_pin_source, "SOURCE",
               "delete as the security officer: the SO PIN, a PIV card's management key");
  return [flags](Streams& streams) {
    require_key(*flags);
    return run_delete(*flags, streams);
  };
}

}  // namespace

Command key_command() {
  return {"key",
          "list, show, generate or delete keys on a token",
          {"p11csr key list", "p11csr key show web-01"},
          {},
          {{"list",
            "list the keys; private ones after a login",
            {"p11csr key list --pin-source prompt", "p11csr key list --token my-hsm --pin-source env:PIN --json"},
            declare_list,
            {}},
           {"show",
            "show one key and what the token says of its origin",
            {"p11csr key show web-01", "p11csr key show id:01ab --json"},
            declare_show,
            {}},
           {"generate",
            "generate a key pair that proves itself with a signature",
            {"p11csr key generate ec:P-256 --label web-01", "p11csr key generate rsa:3072 --label signer --id 01ab",
             "p11csr key generate ec:P-256 --piv-slot 9c --so-pin-source prompt"},
            declare_generate,
            {}},
           {"delete",
            "delete a key pair, after asking",
            {"p11csr key delete web-01", "p11csr key delete 'pkcs11:object=web-01;id=%01' --yes"},
            declare_delete,
            {}}}};
}

}  // namespace p11csr::cli
