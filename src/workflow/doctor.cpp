#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/doctor.hpp>

#include "pkcs11/key_generation.hpp"
#include "pkcs11/mechanisms.hpp"
#include "pkcs11/probe.hpp"
#include "pkcs11/return_code.hpp"
#include "pkcs11/slot_watch.hpp"
#include "workflow/doctor_key.hpp"
#include "workflow/open_token.hpp"

namespace p11csr::workflow {
namespace {

using pkcs11::Session;
using pkcs11::Token;

const std::vector<KeySpec>& kinds() {
  static const std::vector<KeySpec> all{RsaKey{2048},
                                        RsaKey{3072},
                                        RsaKey{4096},
                                        EcKey{NamedCurve::p256},
                                        EcKey{NamedCurve::p384},
                                        EcKey{NamedCurve::p521},
                                        EdwardsKey{EdwardsCurve::ed25519},
                                        EdwardsKey{EdwardsCurve::ed448},
                                        MlDsaKey{MlDsaSet::ml_dsa_44},
                                        MlDsaKey{MlDsaSet::ml_dsa_65},
                                        MlDsaKey{MlDsaSet::ml_dsa_87}};
  return all;
}

// A card takes minutes for large RSA keys: only --deep, which is asked for, waits so long.
bool is_tried(const KeySpec& kind, bool deep) {
  const auto* rsa = std::get_if<RsaKey>(&kind);
  return deep || rsa == nullptr || rsa->bits == 2048;
}

std::string range_text(const pkcs11::KeySizes& sizes) {
  return fmt::format("{} to {} bits", sizes.smallest, sizes.largest);
}

void require_size(const KeySpec& kind, const pkcs11::KeySizes& rsa_sizes) {
  const auto* rsa = std::get_if<RsaKey>(&kind);
  if (rsa == nullptr || rsa_sizes.allow(rsa->bits)) return;
  throw Error(Errc::mechanism_unsupported,
              fmt::format("the token says that it makes RSA keys of {}", range_text(rsa_sizes)));
}

Ability ability(const KeySpec& kind, const std::vector<CK_MECHANISM_TYPE>& listed, const pkcs11::KeySizes& rsa_sizes) {
  Ability result{display_name(kind), false, {}, "", std::nullopt, false};
  try {
    pkcs11::require_generation(kind, listed);
    require_size(kind, rsa_sizes);
    for (const auto& way :
         pkcs11::signing_mechanisms(choose_signature_algorithm(kind, std::nullopt, std::nullopt), listed))
      result.signs.push_back(fmt::format("{}, hashed on the {}", pkcs11::mechanism_name(way.type),
                                         way.hashes == pkcs11::WhoHashes::token ? "token" : "host"));
    result.listed = true;
  } catch (const Error& error) {
    if (error.code() != Errc::mechanism_unsupported) throw;
    result.tried = error.what();
  }
  return result;
}

Observation slot_events(const Token& token) {
  const CK_RV result = pkcs11::ask_for_event(*token.module);
  const bool has = result == CKR_OK || result == CKR_NO_EVENT;
  return {"slot-events", has ? Finding::as_expected : Finding::deviates, call_text("C_WaitForSlotEvent", result),
          has ? "p11csr token wait asks for events, and looks at the slots as well"
              : "p11csr token wait looks at the slots"};
}

Observation token_name(const TokenInfo& token) {
  const bool both = !token.label.empty() && !token.serial.empty();
  return {"token-name", both ? Finding::as_expected : Finding::deviates,
          fmt::format("label {}, serial number {}", token.label.empty() ? "blank" : "told",
                      token.serial.empty() ? "blank" : "told"),
          both ? "--token takes the label or a URI" : "--token has to say what is told, or pkcs11:slot-id=N"};
}

Observation pin_lengths(const TokenInfo& token) {
  const bool told = token.tells_pin_length();
  return {"pin-length", told ? Finding::as_expected : Finding::deviates,
          told ? fmt::format("{} to {}", token.min_pin_length, token.max_pin_length) : "not told",
          told ? "a PIN of another length is not sent" : "a PIN of any length is sent"};
}

Observation sizes_of_rsa(const pkcs11::KeySizes& sizes) {
  const char* consequence = "kinds of key outside it are not tried; the token may refuse others all the same";
  if (!sizes.are_told())
    return {"rsa-sizes", Finding::unknown, call_text("C_GetMechanismInfo", sizes.result), consequence};
  return {"rsa-sizes",
          sizes.allow(2048) && sizes.allow(3072) && sizes.allow(4096) ? Finding::as_expected : Finding::deviates,
          range_text(sizes), consequence};
}

Observation second_session(const Token& token) {
  const CK_RV result = pkcs11::open_second_session(token);
  const bool opens = result == CKR_OK;
  return {"second-session", opens ? Finding::as_expected : Finding::deviates, call_text("C_OpenSession", result),
          opens ? "several sessions can be used at once" : "a request needs one session only, and gets by"};
}

void look(Examination& examination, const Token& token, const std::vector<CK_MECHANISM_TYPE>& listed) {
  examination.library = pkcs11::library_info(*token.module);
  examination.token = token.info;
  const auto rsa_sizes = pkcs11::key_sizes(token, pkcs11::generation_mechanism(RsaKey{2048}));
  for (const KeySpec& kind : kinds()) examination.abilities.push_back(ability(kind, listed, rsa_sizes));
  examination.observations = {slot_events(token), token_name(token.info), pin_lengths(token.info),
                              sizes_of_rsa(rsa_sizes)};
}

// P-256 says most of how a token encodes what it has; any kind that works says how it makes keys.
std::optional<KeySpec> kind_to_observe(const Examination& examination) {
  std::optional<KeySpec> chosen;
  for (std::size_t i = 0; i < kinds().size(); ++i) {
    if (!examination.abilities[i].works.value_or(false)) continue;
    if (!chosen || std::holds_alternative<EcKey>(kinds()[i])) chosen = kinds()[i];
    if (std::holds_alternative<EcKey>(kinds()[i])) break;
  }
  return chosen;
}

// Whose keys are the officer's has no pair to show; what a pair shows is not known then.
Observation no_keys(const Examination& examination, const KeyTrial& trial) {
  const bool officers = std::any_of(examination.abilities.begin(), examination.abilities.end(),
                                    [](const Ability& each) { return each.officers; });
  if (officers)
    return {"generation", Finding::deviates, "the token makes no keys for its user",
            "it may make them for its security officer: p11csr request --so-pin-source, with --id or --piv-slot"};
  return {
      "keys", Finding::deviates, "no key pair could be made and used",
      trial.on_token ? "p11csr can only use keys that are there" : "some tokens make no keys for a session: --deep"};
}

void try_keys(Examination& examination, const KeyTrial& trial) {
  for (std::size_t i = 0; i < kinds().size(); ++i)
    if (examination.abilities[i].listed && is_tried(kinds()[i], trial.on_token))
      try_kind(trial, kinds()[i], examination.abilities[i]);
  const auto kind = kind_to_observe(examination);
  if (!kind) {
    examination.observations.push_back(no_keys(examination, trial));
    return;
  }
  for (Observation& observation : observe_pairs(trial, *kind))
    examination.observations.push_back(std::move(observation));
}

}  // namespace

Examination examine(const TokenChoice& choice, const PinChoice& pin, Depth depth, const Surroundings& surroundings) {
  Examination examination;
  examination.depth = depth;
  if (depth == Depth::look) {
    const Token token = token_to_show(choice, surroundings);
    look(examination, token, pkcs11::list_mechanisms(token));
    return examination;
  }
  OpenToken open = open_token(choice, nullptr, surroundings);
  const auto listed = pkcs11::list_mechanisms(open.token);
  look(examination, open.token, listed);
  const auto session = Session::open(open.token.module, open.token.slot, pkcs11::Access::read_write);
  examination.observations.push_back(second_session(open.token));
  const auto login = log_in(session, open, pin, surroundings);
  try_keys(examination, {session, login, open.token, listed, depth == Depth::deep});
  return examination;
}

}  // namespace p11csr::workflow
