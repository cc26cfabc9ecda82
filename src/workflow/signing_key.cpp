#include "workflow/signing_key.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <p11csr/crypto/digest.hpp>

namespace p11csr::workflow {

using pkcs11::ObjectSelector;
using pkcs11::PrivateKey;
using pkcs11::Session;
using pkcs11::Token;

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
  if (key.kind) return *key.kind;
  if (key.type && *key.type == CKK_EC_EDWARDS) return EdwardsKey{EdwardsCurve::ed25519};
  if (key.type && *key.type == pkcs11::kMlDsaKeyType) return MlDsaKey{MlDsaSet::ml_dsa_65};
  return EcKey{NamedCurve::p256};
}

KeyReport report(const SigningKey& key) {
  return {key.private_key.uri,          key.private_key.label,
          to_hex(key.private_key.id),   display_name(key.public_key.kind()),
          key.public_key.spki_sha256(), key.generated,
          key.private_key.origin,       key.verdict.findings,
          key.verdict.warnings,         {}};
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
               const crypto::PublicKey& public_key, const std::vector<CK_MECHANISM_TYPE>& listed,
               x509::SelfVerification verification) {
  const auto algorithm = choose_signature_algorithm(public_key.kind(), std::nullopt, std::nullopt);
  x509::require_verifiable(algorithm, verification);
  pkcs11::TokenSigner signer(session, login, key, public_key, algorithm, pkcs11::signing_mechanisms(algorithm, listed));
  const Bytes challenge = crypto::random_bytes(32);
  const Bytes signature = signer.sign(challenge);
  return crypto::can_verify(algorithm) ? public_key.verify(algorithm, challenge, signature)
                                       : public_key.may_have_made(algorithm, signature);
}

Error after_discard(const Error& error, const pkcs11::GeneratedPair& pair) {
  const std::string fate = pair.discard();
  return Error(error.code(), fmt::format("{}; {}", error.what(), fate), error.hint(), error.call());
}

}  // namespace p11csr::workflow
