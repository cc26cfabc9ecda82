#include "workflow/signing_key.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <p11csr/crypto/digest.hpp>

#include "pkcs11/return_code.hpp"

namespace p11csr::workflow {
namespace {

using pkcs11::GeneratedPair;
using pkcs11::ObjectSelector;
using pkcs11::PrivateKey;
using pkcs11::Session;
using pkcs11::Token;

// What a GenerateKey that may reuse a key runs into where only the public half of one is there.
void refuse_public_half_alone(const Session& session, const GenerateKey& wanted, const Token& token) {
  pkcs11::AttributeList match;
  match.number(CKA_CLASS, CKO_PUBLIC_KEY).text(CKA_LABEL, wanted.label);
  if (wanted.id) match.bytes(CKA_ID, *wanted.id);
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

// A run that was cut off while the token generated can leave the public half alone. The ID was drawn for that one key.
void remove_unfinished(const Session& session, const GenerateKey& wanted, const Token& token,
                       const Surroundings& surroundings) {
  if (wanted.if_exists != IfExists::resume || !wanted.id) return;
  pkcs11::AttributeList match;
  match.number(CKA_CLASS, CKO_PUBLIC_KEY).text(CKA_LABEL, wanted.label).bytes(CKA_ID, *wanted.id);
  const auto handles = session.find(match);
  for (const auto handle : handles) pkcs11::check(session.destroy(handle), "C_DestroyObject");
  if (!handles.empty() && surroundings.say)
    surroundings.say(
        fmt::format("removed the public half that a generation which was cut off left: {}",
                    pkcs11::object_uri(token.info.uri, *wanted.id, wanted.label, pkcs11::ObjectClass::public_key)));
}

}  // namespace

void pass_gate(const PrivateKey& key, const OriginVerdict& verdict, bool allow_extractable,
               const Surroundings& surroundings) {
  const auto say = [&surroundings](const std::string& text) {
    if (surroundings.say) surroundings.say(text);
  };
  if (!verdict.warnings.empty())
    say(fmt::format("the token does not confirm that it generated the key, but this run saw it do so: {}",
                    fmt::join(verdict.warnings, ", ")));
  if (verdict.bound()) return;
  const std::string findings = fmt::format("{}", fmt::join(verdict.findings, ", "));
  if (!allow_extractable)
    throw Error(Errc::key_not_bound,
                fmt::format("the key is not proven to be bound to the hardware: {}; nothing was signed", findings),
                "generate a new key, or sign all the same with --allow-extractable, which is recorded")
        .with_candidates({key.uri});
  say(fmt::format("signing with a key that is not proven to be bound to the hardware (--allow-extractable): {}",
                  findings));
}

KeySpec kind_for_gate(const PrivateKey& key) {
  if (key.public_part) return key.public_part->kind();
  if (key.type && *key.type == CKK_RSA) return RsaKey{0};
  if (key.type && *key.type == CKK_EC_EDWARDS) return EdwardsKey{EdwardsCurve::ed25519};
  return EcKey{NamedCurve::p256};
}

KeyReport report(const SigningKey& key) {
  return {key.private_key.uri,          key.private_key.label,
          to_hex(key.private_key.id),   display_name(key.public_key.kind()),
          key.public_key.spki_sha256(), key.generated,
          key.private_key.origin,       key.verdict.findings,
          key.verdict.warnings};
}

SigningKey existing_key(const Session& session, const pkcs11::Login& login, const ObjectSelector& selector,
                        const Token& token, const std::vector<CK_MECHANISM_TYPE>& listed, bool allow_extractable,
                        const Surroundings& surroundings) {
  PrivateKey key = pkcs11::find_private_key(session, selector, token.info.uri);
  OriginVerdict verdict = judge_origin(key.origin, kind_for_gate(key), WhoGenerated::unknown);
  pass_gate(key, verdict, allow_extractable, surroundings);
  auto halves = pkcs11::public_halves(session, key, token.info.uri);
  // With several the signature of this trial decides; where a public key alone is there, the request's own.
  if (halves.size() > 1)
    for (auto& half : pkcs11::certified_halves(session, key))
      if (std::find(halves.begin(), halves.end(), half) == halves.end()) halves.push_back(std::move(half));
  crypto::PublicKey half = pkcs11::the_signing_half(session, login, key, halves, listed);
  return {std::move(key), std::move(half), std::move(verdict), false};
}

std::optional<SigningKey> certified_key(const Session& session, const pkcs11::Login& login, const SigningKey& tried,
                                        const std::vector<CK_MECHANISM_TYPE>& listed) {
  auto halves = pkcs11::certified_halves(session, tried.private_key);
  halves.erase(std::remove(halves.begin(), halves.end(), tried.public_key), halves.end());
  if (halves.empty()) return std::nullopt;
  crypto::PublicKey half = pkcs11::the_signing_half(session, login, tried.private_key, halves, listed);
  return SigningKey{tried.private_key, std::move(half), tried.verdict, tried.generated};
}

void require_kind(const KeySpec& there, const std::string& uri, const KeySpec& wanted) {
  if (there == wanted) return;
  throw Error(Errc::key_exists,
              fmt::format("the key that is there is {}, not {}", display_name(there), display_name(wanted)),
              "choose another --label, or ask for the kind that is there")
      .with_candidates({uri});
}

bool signs_for(const Session& session, const pkcs11::Login& login, const PrivateKey& key,
               const crypto::PublicKey& public_key, const std::vector<CK_MECHANISM_TYPE>& listed) {
  const auto algorithm = choose_signature_algorithm(public_key.kind(), std::nullopt, std::nullopt);
  pkcs11::TokenSigner signer(session, login, key, public_key, algorithm, pkcs11::signing_mechanisms(algorithm, listed));
  const Bytes challenge = crypto::random_bytes(32);
  return public_key.verify(algorithm, challenge, signer.sign(challenge));
}

KeyOrName existing_or_free(const Session& session, const GenerateKey& wanted, const Token& token,
                           const Surroundings& surroundings) {
  const auto free = [&] {
    return pkcs11::require_free(session, wanted.label, wanted.id ? &*wanted.id : nullptr, token.info.uri);
  };
  if (wanted.if_exists == IfExists::refuse) return free();
  pkcs11::AttributeList match;
  match.number(CKA_CLASS, CKO_PRIVATE_KEY).text(CKA_LABEL, wanted.label);
  if (wanted.id) match.bytes(CKA_ID, *wanted.id);
  auto there = pkcs11::keys_with(session, match, token.info.uri);
  if (there.size() == 1) return ObjectSelector::of_key(there.front());
  if (there.size() > 1) {
    Error error(Errc::key_ambiguous,
                fmt::format("{} private keys have the label '{}': none was reused", there.size(), wanted.label),
                "choose one of the keys above with --key");
    throw std::move(error).with_candidates(std::move(there));
  }
  remove_unfinished(session, wanted, token, surroundings);
  try {
    return free();
  } catch (const Error& error) {
    if (error.code() == Errc::key_exists) refuse_public_half_alone(session, wanted, token);
    throw;
  }
}

GeneratedPair generate_pair(const Session& session, const GenerateKey& wanted, const pkcs11::FreeName& name,
                            const Token& token, const Surroundings& surroundings) {
  // 16 random octets: nothing on the token can have them, so no look-up is needed.
  const pkcs11::NewKey key{wanted.kind, wanted.label, wanted.id ? *wanted.id : crypto::random_bytes(16)};
  if (surroundings.monitor != nullptr)
    surroundings.monitor->at_risk(
        pkcs11::object_uri(token.info.uri, key.id, key.label, pkcs11::ObjectClass::private_key));
  return pkcs11::generate(session, key, name, token.info.uri);
}

SigningKey read_back(const Session& session, const GeneratedPair& pair, const GenerateKey& wanted, const Token& token,
                     bool allow_extractable, const Surroundings& surroundings) {
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

Error after_discard(const Error& error, const GeneratedPair& pair) {
  const std::string fate = pair.discard();
  return Error(error.code(), fmt::format("{}; {}", error.what(), fate), error.hint(), error.call());
}

}  // namespace p11csr::workflow
