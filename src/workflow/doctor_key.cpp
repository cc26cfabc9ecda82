#include "workflow/doctor_key.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>

#include <p11csr/crypto/digest.hpp>
#include <p11csr/model/error.hpp>

#include "pkcs11/key_generation.hpp"
#include "pkcs11/probe.hpp"
#include "pkcs11/return_code.hpp"
#include "pkcs11/token_signer.hpp"
#include "workflow/doctor_signature.hpp"
#include "workflow/signing_key.hpp"

namespace p11csr::workflow {
namespace {

using pkcs11::GeneratedPair;

// Cards read of an ID only the first octet, and overwrite the key in the place that it names: none names 255.
pkcs11::NewKey new_key(const KeyTrial& trial, const KeySpec& kind) {
  Bytes id = crypto::random_bytes(16);
  id.front() = 0xff;
  return {kind, "p11csr doctor", std::move(id), !trial.on_token};
}

// An interruption ends everything; whatever else goes wrong is what was to be found out.
std::string words(const Error& error) {
  if (error.code() == Errc::interrupted) throw Error(error);
  return error.call().empty() ? error.what() : error.call();
}

std::string sign_by(const KeyTrial& trial, const pkcs11::PrivateKey& key, const crypto::PublicKey& half,
                    const SignatureAlgorithm& algorithm, const pkcs11::SigningMechanism& way, Ability& ability) {
  const std::string name = pkcs11::mechanism_name(way.type);
  try {
    pkcs11::TokenSigner signer(trial.session, trial.login, key, half, algorithm, {way});
    const Bytes challenge = crypto::random_bytes(32);
    const Bytes signature = signer.sign(challenge);
    if (!crypto::can_verify(algorithm)) return name + " signs, and OpenSSL cannot verify it here";
    if (!half.verify(algorithm, challenge, signature)) return name + ": the signature does not verify";
    ability.works = true;
    return name + " verifies";
  } catch (const Error& error) {
    return fmt::format("{}: {}", name, words(error));
  }
}

std::vector<SignatureAlgorithm> algorithms(const KeySpec& kind) {
  std::vector<SignatureAlgorithm> all{choose_signature_algorithm(kind, std::nullopt, std::nullopt)};
  if (std::holds_alternative<RsaKey>(kind)) all.push_back(choose_signature_algorithm(kind, std::nullopt, Padding::pss));
  return all;
}

std::vector<std::string> sign_by_all(const KeyTrial& trial, const GeneratedPair& pair, const KeySpec& kind,
                                     Ability& ability) {
  const auto key = pkcs11::read_private_key(trial.session, pair.private_key(), trial.token.info.uri);
  const auto half = pkcs11::read_public_key(trial.session, pair.public_key(), trial.token.info.uri);
  if (!half.key) return {"generated, but its public half cannot be read: " + half.unusable_because};
  std::vector<std::string> results;
  for (const SignatureAlgorithm& algorithm : algorithms(kind)) {
    std::vector<pkcs11::SigningMechanism> ways;
    try {
      ways = pkcs11::signing_mechanisms(algorithm, trial.listed);
    } catch (const Error& error) {
      results.push_back(words(error));
    }
    for (const auto& way : ways) results.push_back(sign_by(trial, key, *half.key, algorithm, way, ability));
  }
  return results;
}

// A session object is no token object, and is not meant to be.
std::vector<std::string> findings_of(const KeyTrial& trial, const KeyOrigin& origin, const KeySpec& kind) {
  const auto verdict = judge_origin(origin, kind, WhoGenerated::this_run);
  auto findings = verdict.findings;
  findings.insert(findings.end(), verdict.warnings.begin(), verdict.warnings.end());
  const auto about_token = [](const std::string& finding) { return finding.rfind("CKA_TOKEN ", 0) == 0; };
  if (!trial.on_token) findings.erase(std::remove_if(findings.begin(), findings.end(), about_token), findings.end());
  return findings;
}

Observation origin_observation(const char* id, const KeyTrial& trial, const GeneratedPair& pair, const KeySpec& kind,
                               const char* consequence) {
  const auto key = pkcs11::read_private_key(trial.session, pair.private_key(), trial.token.info.uri);
  const auto findings = findings_of(trial, key.origin, kind);
  if (findings.empty()) return {id, Finding::as_expected, "bound to the token as read back", consequence};
  return {id, Finding::deviates, fmt::format("{}", fmt::join(findings, ", ")), consequence};
}

Observation public_key_info(const KeyTrial& trial, const GeneratedPair& pair) {
  const auto raw = pkcs11::read_raw(trial.session, pair.public_key(), CKA_PUBLIC_KEY_INFO);
  const char* consequence = "the public key is put together from its other attributes";
  if (!raw.value.empty()) return {"public-key-info", Finding::as_expected, "given", consequence};
  return {"public-key-info", Finding::deviates,
          raw.is_given() ? "CKR_OK with length 0" : call_text("C_GetAttributeValue", raw.result), consequence};
}

Observation encoding(const char* id, const KeyTrial& trial, pkcs11::ObjectHandle object, CK_ATTRIBUTE_TYPE type,
                     const char* wanted) {
  const auto raw = pkcs11::read_raw(trial.session, object, type);
  const std::string seen = pkcs11::first_tag_name(raw.value);
  return {id, seen == wanted ? Finding::as_expected : Finding::deviates, seen, "every known form is read"};
}

Observation deletion(const KeyTrial& trial, const GeneratedPair& pair, const Bytes& id) {
  const std::string fate = pair.discard();
  pkcs11::AttributeList match;
  match.bytes(CKA_ID, id);
  const bool gone = trial.session.find(match).empty();
  return {"deletion", gone ? Finding::as_expected : Finding::deviates, gone ? "what was made is gone" : fate,
          gone ? "a key that cannot be used is removed again" : "look for the objects named p11csr doctor"};
}

// Whatever goes wrong on the way, the pair goes; what became of it is the answer.
template <typename Use>
Observation use_pair(const KeyTrial& trial, const pkcs11::NewKey& key, const GeneratedPair& pair, const Use& use) {
  try {
    use(pair);
  } catch (const Error& error) {
    const Error told = after_discard(error, pair);
    return {"deletion", Finding::deviates, words(told), told.what()};
  }
  return deletion(trial, pair, key.id);
}

// Points that only a pair can show, where none could be made.
void leave_unknown(std::vector<Observation>& observations, const KeySpec& kind, const std::string& why) {
  std::vector<const char*> ids{"key-origin", "public-key-info", "context-login", "signature-length", "deletion"};
  if (std::holds_alternative<EcKey>(kind))
    ids.insert(ids.end(), {"ec-point", "ec-parameters", "ec-parameters-private"});
  for (const char* id : ids) observations.push_back({id, Finding::unknown, why, "no key pair could be made to see it"});
}

void observe_pair(std::vector<Observation>& observations, const KeyTrial& trial, const KeySpec& kind,
                  const GeneratedPair& pair) {
  observations.push_back(origin_observation(
      "key-origin", trial, pair, kind, "the gate judges by these; on a key that is not new each finding is exit 6"));
  observations.push_back(public_key_info(trial, pair));
  if (std::holds_alternative<EcKey>(kind)) {
    observations.push_back(encoding("ec-point", trial, pair.public_key(), CKA_EC_POINT, "OCTET STRING"));
    observations.push_back(encoding("ec-parameters", trial, pair.public_key(), CKA_EC_PARAMS, "OID"));
    observations.push_back(encoding("ec-parameters-private", trial, pair.private_key(), CKA_EC_PARAMS, "OID"));
  }
  const auto key = pkcs11::read_private_key(trial.session, pair.private_key(), trial.token.info.uri);
  for (Observation& each : observe_signature(trial, key, kind)) observations.push_back(std::move(each));
}

// Where the token refuses the full template, the pair is made as a request would make it: with a smaller one.
void observe_full(std::vector<Observation>& observations, const KeyTrial& trial, const KeySpec& kind) {
  const auto key = new_key(trial, kind);
  pkcs11::Session::NewKeys handles{};
  const CK_RV result = pkcs11::ask_for_pair(trial.session, key, pkcs11::TemplateForm::full, handles);
  observations.push_back({"full-template", result == CKR_OK ? Finding::as_expected : Finding::deviates,
                          call_text("C_GenerateKeyPair", result),
                          "what is refused is asked again with fewer attributes"});
  try {
    const GeneratedPair pair = result == CKR_OK ? GeneratedPair(trial.session, handles, trial.token.info.uri, key, {})
                                                : pkcs11::generate(trial.session, key, {}, trial.token.info.uri);
    observations.push_back(
        use_pair(trial, key, pair, [&](const GeneratedPair& made) { observe_pair(observations, trial, kind, made); }));
  } catch (const Error& error) {
    leave_unknown(observations, kind, words(error));
  }
}

void observe_minimal(std::vector<Observation>& observations, const KeyTrial& trial, const KeySpec& kind) {
  const auto key = new_key(trial, kind);
  pkcs11::Session::NewKeys handles{};
  const CK_RV result = pkcs11::ask_for_pair(trial.session, key, pkcs11::TemplateForm::minimal, handles);
  if (result != CKR_OK) {
    observations.push_back({"key-defaults", Finding::unknown, call_text("C_GenerateKeyPair", result), ""});
    return;
  }
  const GeneratedPair made(trial.session, handles, trial.token.info.uri, key, {});
  const auto removed = use_pair(trial, key, made, [&](const GeneratedPair& pair) {
    observations.push_back(
        origin_observation("key-defaults", trial, pair, kind, "p11csr asks for each of these, and reads them back"));
  });
  if (removed.finding == Finding::deviates) observations.push_back(removed);
}

}  // namespace

void try_kind(const KeyTrial& trial, const KeySpec& kind, Ability& ability) {
  const auto key = new_key(trial, kind);
  ability.works = false;
  try {
    const GeneratedPair pair = pkcs11::generate(trial.session, key, {}, trial.token.info.uri);
    std::vector<std::string> results;
    try {
      results = sign_by_all(trial, pair, kind, ability);
    } catch (const Error& error) {
      throw after_discard(error, pair);
    }
    if (const std::string fate = pair.discard(); fate.rfind("left", 0) == 0) results.push_back(fate);
    ability.tried = fmt::format("{}", fmt::join(results, "; "));
  } catch (const Error& error) {
    ability.tried = fmt::format("{}: {}", words(error), error.what());
    ability.officers = error.code() == Errc::pin_missing;
    if (ability.officers) ability.works.reset();
  }
}

std::vector<Observation> observe_pairs(const KeyTrial& trial, const KeySpec& kind) {
  std::vector<Observation> observations;
  observe_full(observations, trial, kind);
  observe_minimal(observations, trial, kind);
  return observations;
}

}  // namespace p11csr::workflow
