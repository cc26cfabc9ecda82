#include "workflow/new_key.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <p11csr/crypto/digest.hpp>

#include "pkcs11/certificate_objects.hpp"
#include "pkcs11/return_code.hpp"
#include "workflow/uris_of.hpp"

namespace p11csr::workflow {
namespace {

using pkcs11::FreeName;
using pkcs11::GeneratedPair;
using pkcs11::ObjectClass;
using pkcs11::ObjectSelector;
using pkcs11::Occupant;
using pkcs11::PrivateKey;
using pkcs11::Session;
using pkcs11::Token;

// What a GenerateKey that may reuse a key runs into where only the public half of one is there.
void refuse_public_half_alone(const Session& session, const GenerateKey& wanted, const Token& token) {
  pkcs11::AttributeList match = match_of(wanted, CKO_PUBLIC_KEY);
  auto there = pkcs11::keys_with(session, match, token.info.uri);
  if (there.empty()) return;
  const std::string hint = fmt::format("delete it and run this again: p11csr key delete '{}'", there.front());
  throw Error(Errc::key_exists,
              fmt::format("of the key with the label '{}' only a public half is there, which cannot sign; nothing was "
                          "generated",
                          wanted.label),
              hint)
      .with_candidates(std::move(there));
}

FreeName confirmed(FreeName name, const GenerateKey& wanted) {
  if (!name.replaced.empty() && !wanted.replace(uris_of(name.replaced)))
    throw Error(Errc::interrupted, "nothing was generated, and nothing replaced");
  return name;
}

// Not what belongs to the new key: some cards write a certificate of their own beside it (ykcs11).
bool is_of_new_pair(const Bench& bench, const Occupant& object, const GeneratedPair& pair,
                    const crypto::PublicKey& half) {
  if (object.handle == pair.private_key() || object.handle == pair.public_key()) return true;
  switch (object.object_class) {
    case ObjectClass::private_key:
      return false;
    case ObjectClass::public_key:
      return pkcs11::read_public_key(bench.session, object.handle, bench.token.info.uri).key == half;
    case ObjectClass::certificate:
      break;
  }
  try {
    const auto certificate = pkcs11::read_certificate(bench.session, object.handle, bench.token.info.uri);
    return crypto::PublicKey::from_certificate(certificate.value) == half;
  } catch (const Error& error) {
    if (!error.call().empty()) throw;
    return false;
  }
}

// What was replaced and is still there: a card has overwritten the key, and another token nothing.
std::vector<Occupant> still_there(const Bench& bench, const GeneratedPair& pair, const FreeName& name) {
  const auto known = uris_of(name.replaced);
  const auto half = pkcs11::read_public_key(bench.session, pair.public_key(), bench.token.info.uri).key;
  if (!half) throw Error(Errc::token_failed, "the new public key cannot be read, so it cannot be told from others");
  auto there = pkcs11::occupants(bench.session, pair.id(), bench.token.info.uri);
  const auto stays = [&](const Occupant& each) {
    const bool announced = std::find(known.begin(), known.end(), each.uri) != known.end();
    return !announced || is_of_new_pair(bench, each, pair, *half);
  };
  there.erase(std::remove_if(there.begin(), there.end(), stays), there.end());
  return there;
}

void destroy_replaced(const Bench& bench, GeneratedPair& pair, const FreeName& name) {
  auto there = still_there(bench, pair, name);
  if (there.empty()) return;
  if (bench.logins.takes_turns()) {
    bench.logins.as_generator();
    pair.find_again();
    there = still_there(bench, pair, name);
  }
  std::vector<std::string> left;
  for (const Occupant& each : there)
    if (const CK_RV result = bench.session.destroy(each.handle); result != CKR_OK)
      left.push_back(fmt::format("{} ({})", each.uri, call_text("C_DestroyObject", result)));
  if (!left.empty()) throw Error(Errc::token_failed, fmt::format("left on the token: {}", fmt::join(left, " and ")));
}

// The end of a sentence about a new pair that is given up: what of the objects that it was to replace has gone.
std::string fate_of_replaced(const Bench& bench, const GeneratedPair& pair, const FreeName& name) {
  if (name.replaced.empty()) return "";
  try {
    const auto there = still_there(bench, pair, name);
    if (there.empty()) return "; the token has overwritten what was to be replaced: it is gone";
    if (there.size() == name.replaced.size()) return "; what was to be replaced is still there";
    return fmt::format("; of what was to be replaced only this is left: {}", fmt::join(uris_of(there), " and "));
  } catch (const Error&) {  // what failed before is the error to tell
    return "; look whether what was to be replaced is still there: p11csr key list";
  }
}

Error with(const Error& error, const std::string& more) {
  return {error.code(), error.what() + more, error.hint(), error.call()};
}

}  // namespace

pkcs11::AttributeList match_of(const GenerateKey& wanted, CK_OBJECT_CLASS object_class) {
  pkcs11::AttributeList match;
  match.number(CKA_CLASS, object_class);
  if (!wanted.id || !(wanted.id_is_slot || wanted.officer)) match.text(CKA_LABEL, wanted.label);
  if (wanted.id) match.bytes(CKA_ID, *wanted.id);
  return match;
}

FreeName free_name(const Session& session, const GenerateKey& wanted, const Token& token) {
  if (wanted.id && (wanted.officer || wanted.id_is_slot || wanted.replace))
    return pkcs11::require_free_slot(session, wanted.label, *wanted.id, static_cast<bool>(wanted.replace),
                                     token.info.uri);
  return pkcs11::require_free(session, wanted.label, wanted.id ? &*wanted.id : nullptr, token.info.uri);
}

KeyOrName existing_or_free(const Session& session, const GenerateKey& wanted, const Token& token) {
  const auto free = [&] { return confirmed(free_name(session, wanted, token), wanted); };
  if (wanted.if_exists == IfExists::refuse) return free();
  pkcs11::AttributeList match = match_of(wanted, CKO_PRIVATE_KEY);
  auto there = pkcs11::keys_with(session, match, token.info.uri);
  if (there.size() == 1) return ObjectSelector::of_key(there.front());
  if (there.size() > 1) {
    Error error(Errc::key_ambiguous,
                fmt::format("{} private keys have the label '{}': none was reused", there.size(), wanted.label),
                "choose one of the keys above with --key");
    throw std::move(error).with_candidates(std::move(there));
  }
  try {
    return free();
  } catch (const Error& error) {
    if (error.code() == Errc::key_exists) refuse_public_half_alone(session, wanted, token);
    throw;
  }
}

GeneratedPair generate_pair(const Bench& bench, const GenerateKey& wanted, FreeName name) {
  // 16 random octets: nothing on the token can have them, so no look-up is needed.
  const pkcs11::NewKey key{wanted.kind, wanted.label, wanted.id ? *wanted.id : crypto::random_bytes(16)};
  const std::string& token = bench.token.info.uri;
  bench.logins.as_generator();
  // Handles of the login before say nothing now.
  if (bench.logins.takes_turns())
    for (const Occupant& each : pkcs11::occupants(bench.session, key.id, token)) name.others.push_back(each.handle);
  if (wanted.about_to_generate) wanted.about_to_generate();
  if (bench.surroundings.monitor != nullptr)
    bench.surroundings.monitor->at_risk(pkcs11::object_uri(token, key.id, key.label, ObjectClass::private_key));
  try {
    return pkcs11::generate(bench.session, key, name, token, bench.logins.generator());
  } catch (const Error& error) {
    if (name.replaced.empty()) throw;
    throw with(error, "; look whether what was to be replaced is still there: p11csr key list");
  }
}

void turn_to_user(const Bench& bench, GeneratedPair& pair) {
  if (!bench.logins.takes_turns()) return;
  bench.logins.as_user();
  pair.find_again();
}

SigningKey read_back(const Bench& bench, const GeneratedPair& pair, const GenerateKey& wanted, bool allow_extractable) {
  const auto& [session, logins, token, surroundings] = bench;
  PrivateKey key = pkcs11::read_private_key(session, pair.private_key(), token.info.uri);
  const auto object = pkcs11::read_public_key(session, pair.public_key(), token.info.uri);
  for (const std::string& reason : {key.unusable_because, object.unusable_because})
    if (!reason.empty()) throw Error(Errc::token_failed, reason);
  if (!object.key) throw Error(Errc::token_failed, "the token generated a key but does not show its public half");
  if (object.key->kind() != wanted.kind)
    throw Error(Errc::token_failed, fmt::format("the token generated {} where {} was asked for",
                                                display_name(object.key->kind()), display_name(wanted.kind)));
  if (key.public_part && *key.public_part != *object.key)
    throw Error(Errc::token_failed, "the two halves of the generated key do not belong together");
  OriginVerdict verdict = judge_origin(key.origin, wanted.kind, WhoGenerated::this_run);
  pass_gate(key, verdict, allow_extractable, surroundings);
  return {std::move(key), *object.key, std::move(verdict), true};
}

void retire_replaced(const Bench& bench, GeneratedPair& pair, const FreeName& name, KeyReport& report) {
  if (name.replaced.empty()) return;
  report.replaced = uris_of(name.replaced);
  try {
    destroy_replaced(bench, pair, name);
  } catch (const Error& error) {  // the new key is good, and made
    report.warnings.push_back(fmt::format("what the new key replaces was not deleted: {}", error.what()));
    if (bench.surroundings.say) bench.surroundings.say(report.warnings.back());
  }
}

Error given_up(const Bench& bench, const Error& error, GeneratedPair& pair, const FreeName& name) {
  if (bench.logins.takes_turns()) {
    try {
      bench.logins.as_generator();
      pair.find_again();
    } catch (const Error&) {  // what failed before is the error to tell, and discard says what is left
    }
  }
  const std::string fate = fate_of_replaced(bench, pair, name);
  return with(after_discard(error, pair), fate);
}

}  // namespace p11csr::workflow
