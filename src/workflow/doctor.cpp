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

// RSA of one size only: larger ones take minutes on a card.
const std::vector<KeySpec>& kinds() {
  static const std::vector<KeySpec> all{RsaKey{2048},
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

Ability ability(const KeySpec& kind, const std::vector<CK_MECHANISM_TYPE>& listed) {
  Ability result{display_name(kind), false, {}, "", false};
  try {
    pkcs11::require_generation(kind, listed);
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

Observation second_session(const Token& token) {
  const CK_RV result = pkcs11::open_second_session(token);
  const bool opens = result == CKR_OK;
  return {"second-session", opens ? Finding::as_expected : Finding::deviates, call_text("C_OpenSession", result),
          opens ? "several sessions can be used at once" : "a request needs one session only, and gets by"};
}

void look(Examination& examination, const Token& token, const std::vector<CK_MECHANISM_TYPE>& listed) {
  examination.library = pkcs11::library_info(*token.module);
  examination.token = token.info;
  for (const KeySpec& kind : kinds()) examination.abilities.push_back(ability(kind, listed));
  examination.observations = {slot_events(token), token_name(token.info), pin_lengths(token.info)};
}

// P-256 says most of how a token encodes what it has; any kind that works says how it makes keys.
std::optional<KeySpec> kind_to_observe(const Examination& examination) {
  std::optional<KeySpec> chosen;
  for (std::size_t i = 0; i < kinds().size(); ++i) {
    if (!examination.abilities[i].works) continue;
    if (!chosen || std::holds_alternative<EcKey>(kinds()[i])) chosen = kinds()[i];
    if (std::holds_alternative<EcKey>(kinds()[i])) break;
  }
  return chosen;
}

void try_keys(Examination& examination, const KeyTrial& trial) {
  for (std::size_t i = 0; i < kinds().size(); ++i)
    if (examination.abilities[i].listed) try_kind(trial, kinds()[i], examination.abilities[i]);
  const auto kind = kind_to_observe(examination);
  if (!kind) {
    examination.observations.push_back({"keys", Finding::deviates, "no key pair could be made and used",
                                        trial.on_token ? "p11csr can only use keys that are there"
                                                       : "some tokens make no keys for a session: --deep"});
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
