#include "cli/key_place.hpp"

#include <fmt/ostream.h>

#include <p11csr/model/error.hpp>
#include <p11csr/model/piv_slot.hpp>

#include "cli/terminal.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

workflow::IfExists if_exists(const std::string& text) {
  if (text.empty() || text == "refuse") return workflow::IfExists::refuse;
  if (text == "reuse") return workflow::IfExists::reuse;
  throw Error(Errc::usage, fmt::format("--if-exists {} is not known", model::in_quotes(text)), "say refuse or reuse");
}

}  // namespace

std::optional<Bytes> id_of(const KeyPlace& place) {
  if (!place.piv_slot.empty()) {
    if (!place.id.empty())
      throw Error(Errc::usage, "--id and --piv-slot exclude each other", "a PIV slot has an ID of its own");
    return id_of_piv_slot(place.piv_slot);
  }
  if (place.id.empty()) return std::nullopt;
  Bytes id = from_hex(place.id, "--id");
  if (id.empty()) throw Error(Errc::malformed_input, "--id has no octets", "write it as --id 01ab");
  return id;
}

void declare_card_place(Options& options, KeyPlace& place, Rarity rarity) {
  options.text("--id", place.id, "HEX", "the new key's CKA_ID (default: random)", rarity);
  options.text("--piv-slot", place.piv_slot, "9a|9c|9d|9e", "the CKA_ID of this slot of a PIV card", rarity);
  options.flag("--replace-key", place.replace, "make the new key in the place of what has its ID, after asking",
               rarity);
}

void declare_key_place(Options& options, KeyPlace& place, Rarity rarity) {
  declare_card_place(options, place, rarity);
  options.text("--if-exists", place.if_exists, "refuse|reuse",
               "a key has the label or ID: refuse (default) or reuse it", rarity);
  options.flag("--yes", place.yes, "do not ask before --replace-key", rarity);
  options.text("--so-pin-source", place.so_pin_source, "SOURCE",
               "generate as the security officer: the SO PIN, a PIV card's management key", rarity);
}

workflow::GenerateKey new_key_choice(const KeySpec& kind, const std::string& label, const KeyPlace& place,
                                     const TokenOptions& token, CallWatch& watch, Streams& streams) {
  workflow::GenerateKey wanted{.kind = kind,
                               .label = label,
                               .id = id_of(place),
                               .if_exists = if_exists(place.if_exists),
                               .officer = officer_choice(place.so_pin_source, token),
                               .id_is_slot = !place.piv_slot.empty(),
                               .replace = {}};
  if (place.yes && !place.replace) throw Error(Errc::usage, "--yes is for --replace-key", "leave it away");
  if (!place.replace) return wanted;
  wanted.replace = [&watch, &streams, yes = place.yes](const std::vector<std::string>& uris) {
    if (yes) return true;
    for (const std::string& uri : uris) fmt::print(streams.err, "{}\n", model::printable(uri));
    const CallWatch::Pause pause(watch);
    return asks_yes("replace these by the new key, for ever?", "say --yes to replace without being asked");
  };
  return wanted;
}

std::optional<workflow::OfficerChoice> officer_choice(const std::string& so_pin_source, const TokenOptions& token) {
  if (so_pin_source.empty()) return std::nullopt;
  return workflow::OfficerChoice{parse_pin_source(so_pin_source), token.allow_final_try};
}

void tell_replaced(const workflow::KeyReport& key, Streams& streams) {
  for (const std::string& uri : key.replaced)
    fmt::print(streams.err, "p11csr: the new key takes the place of {}\n", model::printable(uri));
}

}  // namespace p11csr::cli
