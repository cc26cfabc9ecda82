#include <fmt/format.h>
#include <fmt/ranges.h>

#include <p11csr/crypto/digest.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/workflow/keys.hpp>

#include "pkcs11/return_code.hpp"
#include "workflow/new_key.hpp"
#include "workflow/open_token.hpp"
#include "workflow/request_checks.hpp"
#include "workflow/signing_key.hpp"
#include "workflow/uris_of.hpp"

namespace p11csr::workflow {
namespace {

using pkcs11::ObjectHandle;
using pkcs11::ObjectSelector;
using pkcs11::Session;
using pkcs11::Token;

struct Victim {
  ObjectHandle handle;
  std::string uri;
};

KeyDetails details(const SigningKey& key, const Token& token) {
  return {token.info, report(key), key.verdict, key.public_key.pem()};
}

// An error about what a key object says of itself; a call that failed is another matter.
bool is_about_the_value(const Error& error) { return error.code() == Errc::token_failed && error.call().empty(); }

// A key of which only the private object makes sense.
KeyDetails details_without_value(const pkcs11::PrivateKey& key, const std::string& reason, const Token& token) {
  auto verdict = judge_origin(key.origin, kind_for_gate(key), WhoGenerated::unknown);
  verdict.warnings.push_back(reason);
  return {token.info,
          {key.uri, key.label, to_hex(key.id), "", "", false, key.origin, verdict.findings, verdict.warnings, {}},
          verdict,
          ""};
}

std::vector<Victim> public_victims(const Session& session, const ObjectSelector& selector, const Token& token) {
  pkcs11::AttributeList match = selector.match(CKO_PUBLIC_KEY);
  std::vector<Victim> victims;
  for (const ObjectHandle handle : session.find(match))
    victims.push_back({handle, pkcs11::read_public_key(session, handle, token.info.uri).uri});
  return victims;
}

std::vector<Victim> only_public_key(const Session& session, const ObjectSelector& selector, const Token& token) {
  auto victims = public_victims(session, selector, token);
  if (victims.size() == 1) return victims;
  throw Error(victims.empty() ? Errc::key_not_found : Errc::key_ambiguous,
              fmt::format("{} public keys on the token have {}", victims.size(), selector.description()),
              "p11csr key list shows the keys")
      .with_candidates(uris_of(victims));
}

// What can be the private key's public half; none where it is missing or unusable.
std::vector<crypto::PublicKey> halves_if_any(const Session& session, const pkcs11::PrivateKey& key, const Token& token,
                                             const Surroundings& surroundings) {
  try {
    return pkcs11::public_halves(session, key, token.info.uri);
  } catch (const Error& error) {
    if (error.code() == Errc::key_not_found) return {};
    if (!is_about_the_value(error)) throw;
    if (surroundings.say) surroundings.say(fmt::format("{}; public keys with the key's ID stay", error.what()));
    return {};
  }
}

// Public keys of the private key's ID whose value is its own; another key's public half stays. Where only a signature
// could tell them apart all stay: nothing is signed by a key that never passed the gate, only to delete it.
std::vector<Victim> whole_pair(const Session& session, const ObjectSelector& selector, const Token& token,
                               const Surroundings& surroundings) {
  const auto key = pkcs11::find_private_key(session, selector, token.info.uri);
  std::vector<Victim> victims{{key.handle, key.uri}};
  const auto halves = halves_if_any(session, key, token, surroundings);
  if (halves.size() > 1 && surroundings.say)
    surroundings.say(
        fmt::format("{} public keys have the key's ID, and only a signature could tell which is its own: "
                    "they stay (p11csr key delete 'URI;type=public' deletes one)",
                    halves.size()));
  if (halves.size() != 1) return victims;
  pkcs11::AttributeList match;
  match.number(CKA_CLASS, CKO_PUBLIC_KEY).bytes(CKA_ID, key.id);
  for (const ObjectHandle handle : session.find(match)) {
    const auto object = pkcs11::read_public_key(session, handle, token.info.uri);
    if (object.key == halves.front()) victims.push_back({handle, object.uri});
  }
  return victims;
}

void destroy_all(const Session& session, const std::vector<Victim>& victims) {
  std::vector<std::string> left;
  std::string call;
  for (const Victim& victim : victims) {
    const CK_RV result = session.destroy(victim.handle);
    if (result == CKR_OK) continue;
    left.push_back(victim.uri);
    call = call_text("C_DestroyObject", result);
  }
  if (left.empty()) return;
  throw Error(Errc::token_failed, fmt::format("the token did not delete: {}", fmt::join(left, " and ")),
              "some tokens delete keys only for the security officer (--so-pin-source prompt), or never", call);
}

}  // namespace

KeyDetails show_key(const TokenChoice& choice, const PinChoice& pin, const std::string& selector_text,
                    const Surroundings& surroundings) {
  ObjectSelector selector = ObjectSelector::of_key(selector_text);
  OpenToken open = open_token(choice, &selector, surroundings);
  const auto session = Session::open(open.token.module, open.token.slot, pkcs11::Access::read_only);
  const auto login = log_in(session, open, pin, surroundings);
  auto key = pkcs11::find_private_key(session, selector, open.token.info.uri);
  std::vector<crypto::PublicKey> halves;
  try {
    halves = pkcs11::public_halves(session, key, open.token.info.uri);
  } catch (const Error& error) {
    if (!is_about_the_value(error)) throw;
    if (surroundings.say) surroundings.say(error.what());
    return details_without_value(key, error.what(), open.token);
  }
  if (halves.size() > 1)
    throw Error(
        Errc::key_ambiguous,
        fmt::format("{} public keys have the key's ID: only a signature could tell which is its own", halves.size()),
        "p11csr request --key tells them apart when it signs")
        .with_candidates({key.uri});
  auto verdict = judge_origin(key.origin, halves.front().kind(), WhoGenerated::unknown);
  return details({std::move(key), halves.front(), std::move(verdict), false}, open.token);
}

KeyDetails generate_key(const TokenChoice& choice, const PinChoice& pin, const GenerateKey& wanted,
                        bool allow_extractable, x509::SelfVerification verification, const Surroundings& surroundings) {
  check_new_key(wanted);
  OpenToken open = open_token(choice, nullptr, surroundings);
  const auto listed = pkcs11::list_mechanisms(open.token);
  pkcs11::require_generation(wanted.kind, listed);
  const auto algorithm = choose_signature_algorithm(wanted.kind, std::nullopt, std::nullopt);
  static_cast<void>(pkcs11::signing_mechanisms(algorithm, listed));
  x509::require_verifiable(algorithm, verification);
  const auto session = Session::open(open.token.module, open.token.slot, pkcs11::Access::read_write);
  Logins logins(session, open, pin, wanted.officer, surroundings);
  const KeyOrName there = existing_or_free(session, wanted, open.token);
  if (const auto* reused = std::get_if<ObjectSelector>(&there)) {
    const auto key = existing_key(session, logins.user(), *reused, open.token, listed, allow_extractable, surroundings);
    require_kind(key.public_key.kind(), key.private_key.uri, wanted.kind);
    return details(key, open.token);
  }
  const Bench bench{session, logins, open.token, surroundings};
  return use_new_key(bench, wanted, std::get<pkcs11::FreeName>(there), allow_extractable, [&](const SigningKey& key) {
    if (!signs_for(session, logins.user(), key.private_key, key.public_key, listed, verification))
      throw Error(Errc::verification_failed, "the new key's signature does not verify with its public key");
    auto result = details(key, open.token);
    result.proved = crypto::can_verify(algorithm);
    return result;
  });
}

DeletedKey delete_key(const TokenChoice& choice, const PinChoice& pin, const std::optional<OfficerChoice>& officer,
                      const std::string& selector_text,
                      const std::function<bool(const std::vector<std::string>&)>& confirm,
                      const Surroundings& surroundings) {
  ObjectSelector selector = ObjectSelector::of_key(selector_text);
  OpenToken open = open_token(choice, &selector, surroundings);
  const auto session = Session::open(open.token.module, open.token.slot, pkcs11::Access::read_write);
  const auto login =
      officer ? log_in_officer(session, open.token, *officer, surroundings) : log_in(session, open, pin, surroundings);
  const bool only_public = selector.uri() && selector.uri()->object_class() == pkcs11::ObjectClass::public_key;
  const auto victims = only_public ? only_public_key(session, selector, open.token)
                                   : whole_pair(session, selector, open.token, surroundings);
  if (!confirm(uris_of(victims))) throw Error(Errc::interrupted, "nothing was deleted");
  destroy_all(session, victims);
  return {uris_of(victims)};
}

}  // namespace p11csr::workflow
