#pragma once

#include <optional>
#include <string>

#include <p11csr/workflow/create_request.hpp>

#include "cli/call_watch.hpp"
#include "cli/options.hpp"
#include "cli/streams.hpp"
#include "cli/token_options.hpp"

namespace p11csr::cli {

/// KeyPlace are the flags that say where a new key goes, who makes it, and what may go for it, as they were typed.
struct KeyPlace {
  std::string id;
  std::string piv_slot;
  std::string if_exists;
  std::string so_pin_source;
  bool replace = false;
  bool yes = false;
};

/// declare_card_place declares those flags that say where on a card a key goes: --id, --piv-slot, --replace-key.
void declare_card_place(Options& options, KeyPlace& place, Rarity rarity);
/// declare_key_place declares all of them.
void declare_key_place(Options& options, KeyPlace& place, Rarity rarity);

/// id_of is the ID that --id or --piv-slot says. Throws Error(usage, malformed_input).
[[nodiscard]] std::optional<Bytes> id_of(const KeyPlace& place);

/// new_key_choice reads what --generate, --label and the place say. Replacing is asked for while the watch pauses;
/// watch and streams outlive the choice. Throws Error(usage, malformed_input).
[[nodiscard]] workflow::GenerateKey new_key_choice(const KeySpec& kind, const std::string& label, const KeyPlace& place,
                                                   const TokenOptions& token, CallWatch& watch, Streams& streams);

/// officer_choice is who makes and destroys keys where --so-pin-source was given. Throws Error(usage).
[[nodiscard]] std::optional<workflow::OfficerChoice> officer_choice(const std::string& so_pin_source,
                                                                    const TokenOptions& token);

/// tell_replaced says on stderr what a new key took the place of.
void tell_replaced(const workflow::KeyReport& key, Streams& streams);

}  // namespace p11csr::cli
