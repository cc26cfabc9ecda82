#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <p11csr/crypto/digest.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/workflow/certificates.hpp>

#include "pkcs11/certificate_objects.hpp"
#include "pkcs11/keys_by_value.hpp"
#include "pkcs11/return_code.hpp"
#include "workflow/logins.hpp"
#include "workflow/open_token.hpp"
#include "workflow/signing_key.hpp"
#include "workflow/uris_of.hpp"

namespace p11csr::workflow {
namespace {

using pkcs11::PrivateKey;
using pkcs11::Session;
using pkcs11::StoredCertificate;
using pkcs11::Token;

/// Installation is one certificate on its way to one token.
struct Installation {
  const InstallOptions& options;
  const Surroundings& surroundings;
  const Token& token;
  const Session& session;
  const pkcs11::Login& login;
  const crypto::PublicKey& key;  // the certificate's
};

void say(const Surroundings& surroundings, const std::string& text) {
  if (surroundings.say) surroundings.say(text);
}

/// KeysThere are the public keys on the token, for the error that the certificate's is not among them.
struct KeysThere {
  std::vector<std::string> uris;
  std::vector<std::string> fingerprints;
};

KeysThere keys_on(const Session& session, const Token& token) {
  constexpr std::size_t most = 20;
  KeysThere keys;
  for (const auto handle : session.find_all(CKO_PUBLIC_KEY)) {
    if (keys.uris.size() == most) break;
    const auto object = pkcs11::read_public_key(session, handle, token.info.uri);
    if (!object.key) continue;
    keys.uris.push_back(object.uri);
    keys.fingerprints.push_back(object.key->spki_sha256());
  }
  return keys;
}

Error not_on_token(const Installation& run) {
  KeysThere there = keys_on(run.session, run.token);
  constexpr std::size_t shown = 3;
  const std::size_t more = there.fingerprints.size() > shown ? there.fingerprints.size() - shown : 0;
  there.fingerprints.resize(there.fingerprints.size() - more);
  return Error(
             Errc::verification_failed,
             fmt::format("the certificate's key is not on the token '{}'; nothing was stored. SPKI SHA-256 of the "
                         "certificate: {}; on the token: {}{}",
                         run.token.info.label, run.key.spki_sha256(),
                         there.fingerprints.empty() ? "no key" : fmt::format("{}", fmt::join(there.fingerprints, ", ")),
                         more == 0 ? "" : fmt::format(" and {} more", more)),
             "is it the right token, and the certificate of the right request? p11csr key list shows the keys")
      .with_candidates(std::move(there.uris));
}

Error only_a_signature_can_tell(const std::vector<PrivateKey>& keys) {
  return Error(Errc::key_ambiguous, "only a signature can tell which private key is the certificate's",
               "leave --no-proof away")
      .with_candidates(uris_of(keys));
}

void require_provable(const crypto::PublicKey& key) {
  const auto algorithm = choose_signature_algorithm(key.kind(), std::nullopt, std::nullopt);
  if (crypto::can_verify(algorithm)) return;
  throw Error(
      Errc::verification_failed,
      fmt::format("what a key signs with {} could not be verified, so none can prove itself; nothing was stored",
                  signature_name(algorithm)),
      "use OpenSSL 3.5 or newer, or leave the proof out with --no-proof");
}

// Each key passes the gate before it signs; the first that signs for the certificate is its own.
PrivateKey proven_key(const Installation& run, const std::vector<PrivateKey>& candidates) {
  require_provable(run.key);
  const auto listed = pkcs11::list_mechanisms(run.token);
  for (const PrivateKey& candidate : candidates) {
    pass_gate(candidate, judge_origin(candidate.origin, run.key.kind(), WhoGenerated::unknown),
              run.options.allow_extractable, run.surroundings);
    if (signs_for(run.session, run.login, candidate, run.key, listed, x509::SelfVerification::required))
      return candidate;
  }
  throw Error(Errc::verification_failed,
              fmt::format("the private key on the token '{}' did not sign for the certificate, whose key has the SPKI "
                          "SHA-256 {}; nothing was stored",
                          run.token.info.label, run.key.spki_sha256()),
              "the token's public key is not its private key's: p11csr key list")
      .with_candidates({candidates.front().uri});
}

PrivateKey key_of_certificate(const Installation& run) {
  auto candidates = pkcs11::private_keys_of_value(run.session, run.key, run.token.info.uri);
  if (candidates.empty()) throw not_on_token(run);
  if (run.options.prove) return proven_key(run, candidates);
  if (candidates.size() > 1) throw only_a_signature_can_tell(candidates);
  return std::move(candidates.front());
}

// Programs pair a certificate with its key by CKA_ID: a key without one gets one, and so does its public half.
void give_id(const Installation& run, PrivateKey& key) {
  if (!key.id.empty()) return;
  const Bytes hash = crypto::digest(Digest::sha256, run.key.spki());
  constexpr std::ptrdiff_t octets = 20;
  const Bytes id(hash.begin(), hash.begin() + octets);
  pkcs11::AttributeList attributes;
  attributes.bytes(CKA_ID, id);
  pkcs11::check(run.session.set_attributes(key.handle, attributes), "C_SetAttributeValue");
  for (const auto& half : pkcs11::public_keys_of_value(run.session, run.key, run.token.info.uri))
    if (half.id.empty()) pkcs11::check(run.session.set_attributes(half.handle, attributes), "C_SetAttributeValue");
  key = pkcs11::read_private_key(run.session, key.handle, run.token.info.uri);
  if (key.id != id)
    throw Error(Errc::token_failed, "the key has no ID (CKA_ID), and the token did not take one",
                "generate keys with p11csr, which gives each an ID");
  say(run.surroundings, fmt::format("the key had no ID: it got {}", to_hex(id)));
}

pkcs11::NewCertificate content(const x509::Certificate& certificate, Bytes id, std::string label) {
  return {certificate.der,           certificate.subject, certificate.issuer,
          certificate.serial_number, std::move(id),       std::move(label)};
}

StoredCertificate store_new(const Installation& run, const PrivateKey& key) {
  const x509::Certificate& certificate = run.options.path.certificate;
  std::string label = run.options.label.value_or(key.label.empty() ? certificate.common_name : key.label);
  return pkcs11::store_certificate(run.session, content(certificate, key.id, std::move(label)), run.token.info.uri);
}

// What was stored stays when the rest fails: the same command goes on from there.
Error with_stored(const Error& error, const std::vector<std::string>& uris) {
  return {error.code(), fmt::format("{}; on the token already: {}", error.what(), fmt::join(uris, " and ")),
          error.hint(), error.call()};
}

// The new one first: a card without a certificate is worse than one with two.
StoredCertificate store(const Installation& run, const PrivateKey& key, InstallReport& report) {
  auto older = pkcs11::certificates_with_id(run.session, key.id, run.token.info.uri);
  const auto same = std::find_if(older.begin(), older.end(), [&run](const StoredCertificate& each) {
    return each.value == run.options.path.certificate.der;
  });
  std::optional<StoredCertificate> stored;
  if (same != older.end()) {
    report.already_there = true;
    report.label_stays = run.options.label && *run.options.label != same->label;
    stored = *same;
    older.erase(same);
    if (!run.options.replace) return *stored;
  }
  if (!older.empty() && !run.options.replace)
    throw Error(
        Errc::key_exists,
        fmt::format("{} on the token already has the key's ID {}; nothing was stored",
                    older.size() == 1 ? "a certificate" : fmt::format("{} certificates", older.size()), to_hex(key.id)),
        fmt::format("replace it with --replace, or delete it: p11csr cert delete '{}'", older.front().uri))
        .with_candidates(uris_of(older));
  if (!stored) stored = store_new(run, key);
  try {
    for (const StoredCertificate& each : older) {
      pkcs11::destroy_certificate(run.session, each);
      report.replaced.push_back(each.uri);
    }
  } catch (const Error& error) {
    throw Error(with_stored(error, {stored->uri}));
  }
  return *stored;
}

// An ID of its own, the same on every token and no key's.
Bytes issuer_id(const x509::Certificate& issuer) {
  const Bytes hash = crypto::digest(Digest::sha256, issuer.der);
  constexpr std::ptrdiff_t octets = 20;
  return {hash.begin(), hash.begin() + octets};
}

void store_issuers(const Installation& run, InstallReport& report) {
  for (const x509::Certificate& issuer : run.options.path.issuers) {
    const auto there = pkcs11::certificates_with_value(run.session, issuer.der, run.token.info.uri);
    if (!there.empty()) {
      report.issuers.push_back({there.front().uri, issuer.common_name, true});
      continue;
    }
    const auto stored = pkcs11::store_certificate(run.session, content(issuer, issuer_id(issuer), issuer.common_name),
                                                  run.token.info.uri);
    report.issuers.push_back({stored.uri, issuer.common_name, false});
  }
}

std::vector<x509::IssuedChange> changes_of(const InstallOptions& options, const x509::Description& issued) {
  if (!options.request) return {};
  const auto request = x509::describe(*options.request);
  if (request.kind != x509::DocumentKind::certification_request)
    throw Error(Errc::malformed_input, "what --csr names is a certificate, not the request for it");
  if (request.subject_public_key_info != issued.subject_public_key_info)
    throw Error(Errc::verification_failed,
                fmt::format("the certificate is not for the request's key: the request's has the SPKI SHA-256 {}, the "
                            "certificate's {}; nothing was stored",
                            crypto::sha256_text(request.subject_public_key_info),
                            crypto::sha256_text(issued.subject_public_key_info)),
                "is it the CA's answer to this request?");
  return x509::compare_issued(request, issued);
}

}  // namespace

InstallReport install_certificate(const InstallOptions& options, const Surroundings& surroundings) {
  const auto key = crypto::PublicKey::from_certificate(options.path.certificate.der);
  InstallReport report;
  report.certificate.document = x509::describe(options.path.certificate.der);
  report.changes = changes_of(options, *report.certificate.document);
  OpenToken open = open_token(options.token, nullptr, surroundings);
  const auto session = Session::open(open.token.module, open.token.slot, pkcs11::Access::read_write);
  Logins logins(session, open, options.pin, options.officer, surroundings);
  const Installation run{options, surroundings, open.token, session, logins.user(), key};
  PrivateKey private_key = key_of_certificate(run);
  report.proved = options.prove;
  give_id(run, private_key);
  logins.as_generator();
  const StoredCertificate stored = store(run, private_key, report);
  report.token = open.token.info;
  report.certificate.uri = stored.uri;
  report.certificate.label = stored.label;
  report.certificate.id = to_hex(stored.id);
  report.certificate.key_seen = true;
  report.key_uri = private_key.uri;
  report.spki_sha256 = key.spki_sha256();
  try {
    store_issuers(run, report);
  } catch (const Error& error) {
    std::vector<std::string> uris{stored.uri};
    for (const InstalledIssuer& each : report.issuers) uris.push_back(each.uri);
    throw Error(with_stored(error, uris));
  }
  return report;
}

}  // namespace p11csr::workflow
