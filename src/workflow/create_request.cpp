#include <p11csr/crypto/digest.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/workflow/create_request.hpp>

#include "workflow/make_request.hpp"
#include "workflow/new_key.hpp"
#include "workflow/open_token.hpp"
#include "workflow/request_checks.hpp"
#include "workflow/signing_key.hpp"
#include "workflow/unfinished_key.hpp"

namespace p11csr::workflow {
namespace {

using pkcs11::Session;

void require_approved(const RequestOptions& options, const SigningKey& key, const pkcs11::Token& token,
                      const std::vector<x509::LintFinding>& findings, ByteView content) {
  if (!options.approve) return;
  const ToBeSigned shown{options.spec,
                         token.info,
                         display_name(key.public_key.kind()),
                         key.private_key.uri,
                         key.public_key.spki_sha256(),
                         crypto::sha256_text(content),
                         findings};
  if (!options.approve(shown)) throw Error(Errc::interrupted, "the request was not approved; nothing was signed");
}

x509::CertificationRequest sign_info(const Session& session, const pkcs11::Login& login, const RequestOptions& options,
                                     const SigningKey& key, Bytes info, const std::vector<CK_MECHANISM_TYPE>& listed) {
  const auto algorithm = signature_algorithm(options, key.public_key.kind());
  pkcs11::TokenSigner signer(session, login, key.private_key, key.public_key, algorithm,
                             pkcs11::signing_mechanisms(algorithm, listed));
  return x509::sign(std::move(info), key.public_key, signer, options.self_verification);
}

RequestReport sign_with(const Session& session, const pkcs11::Login& login, const RequestOptions& options,
                        const SigningKey& key, const pkcs11::Token& token, const std::vector<CK_MECHANISM_TYPE>& listed,
                        const Surroundings& surroundings) {
  Bytes content = x509::certification_request_info(options.spec, key.public_key);
  auto findings = lint_with_key(options, key.public_key, content);
  require_no_error(findings, surroundings);
  require_approved(options, key, token, findings, content);
  return {sign_info(session, login, options, key, std::move(content), listed),
          signature_algorithm(options, key.public_key.kind()),
          report(key),
          token.info,
          options.spec,
          options.allow_extractable,
          std::move(findings)};
}

RequestReport with_new_key(const Bench& bench, const RequestOptions& options, const GenerateKey& wanted,
                           const pkcs11::FreeName& name, const std::vector<CK_MECHANISM_TYPE>& listed) {
  return use_new_key(bench, wanted, name, options.allow_extractable, [&](const SigningKey& key) {
    if (wanted.generated) wanted.generated(report(key));
    return sign_with(bench.session, bench.logins.user(), options, key, bench.token, listed, bench.surroundings);
  });
}

RequestReport with_existing_key(const Session& session, const pkcs11::Login& login, const RequestOptions& options,
                                const pkcs11::ObjectSelector& selector, const pkcs11::Token& token,
                                const std::vector<CK_MECHANISM_TYPE>& listed, const Surroundings& surroundings,
                                const std::optional<KeySpec>& kind) {
  const auto sign = [&](const SigningKey& key) {
    auto result = sign_with(session, login, options, key, token, listed, surroundings);
    if (surroundings.monitor != nullptr) surroundings.monitor->stop_if_asked();
    return result;
  };
  const auto check = [&](const SigningKey& key) {
    if (kind) require_kind(key.public_key.kind(), key.private_key.uri, *kind);
    require_confirmed(options, key.public_key);
  };
  const SigningKey key = existing_key(session, login, selector, token, listed, options.allow_extractable, surroundings);
  check(key);
  try {
    return sign(key);
  } catch (const Error& error) {
    if (error.code() != Errc::verification_failed) throw;
    // The public key of its ID is not its own; a certificate's may be.
    const auto other = certified_key(session, login, key, listed);
    if (!other) throw;
    check(*other);
    return sign(*other);
  }
}

}  // namespace

SignatureAlgorithm signature_algorithm(const RequestOptions& options, const KeySpec& key) {
  auto digest = options.digest;
  // EdDSA and ML-DSA fix their digest; one that was only preferred gives way.
  if (!digest && has_digest_to_choose(key)) digest = options.preferred_digest;
  return choose_signature_algorithm(key, digest, options.padding);
}

void check_mechanisms(const RequestOptions& options, const std::vector<CK_MECHANISM_TYPE>& listed) {
  const auto* wanted = std::get_if<GenerateKey>(&options.key);
  if (wanted == nullptr) return;
  pkcs11::require_generation(wanted->kind, listed);
  const auto algorithm = signature_algorithm(options, wanted->kind);
  static_cast<void>(pkcs11::signing_mechanisms(algorithm, listed));
  x509::require_verifiable(algorithm, options.self_verification);
}

void check_key_selector(std::string_view selector) {
  const auto parsed = pkcs11::ObjectSelector::of_key(selector);
  if (parsed.uri() && parsed.uri()->has_pin_value())
    throw Error(Errc::malformed_input, "the key's URI holds a PIN, which belongs into no file",
                "leave its pin-value out, and say with --pin-source where the PIN is");
}

std::vector<x509::LintFinding> check_request(const RequestOptions& options) {
  check_options(options);
  auto findings = lint_before_key(options);
  require_no_error(findings, {});
  return findings;
}

RequestReport create_request(RequestOptions options, const Surroundings& surroundings) {
  check_options(options);
  require_no_error(lint_before_key(options), surroundings);
  std::optional<pkcs11::ObjectSelector> selector;
  if (const auto* use = std::get_if<UseKey>(&options.key)) selector = pkcs11::ObjectSelector::of_key(use->selector);
  OpenToken open = open_token(options.token, selector ? &*selector : nullptr, surroundings);
  const auto listed = pkcs11::list_mechanisms(open.token);
  check_mechanisms(options, listed);

  const auto* wanted = std::get_if<GenerateKey>(&options.key);
  const Session session = Session::open(open.token.module, open.token.slot,
                                        wanted != nullptr ? pkcs11::Access::read_write : pkcs11::Access::read_only);
  Logins logins(session, open, options.pin, wanted != nullptr ? wanted->officer : std::nullopt, surroundings);
  return make_request({session, logins, open.token, surroundings}, options, selector ? &*selector : nullptr, listed);
}

RequestReport make_request(const Bench& bench, const RequestOptions& options, const pkcs11::ObjectSelector* selector,
                           const std::vector<CK_MECHANISM_TYPE>& listed) {
  const auto& [session, logins, token, surroundings] = bench;
  const auto* wanted = std::get_if<GenerateKey>(&options.key);
  if (wanted == nullptr)
    return with_existing_key(session, logins.user(), options, *selector, token, listed, surroundings, std::nullopt);
  remove_unfinished(bench, *wanted, listed);
  const KeyOrName there = existing_or_free(session, *wanted, token);
  if (const auto* reused = std::get_if<pkcs11::ObjectSelector>(&there))
    return with_existing_key(session, logins.user(), options, *reused, token, listed, surroundings, wanted->kind);
  return with_new_key(bench, options, *wanted, std::get<pkcs11::FreeName>(there), listed);
}

RequestReport make_request_with_new_key(const Bench& bench, const RequestOptions& options,
                                        const std::vector<CK_MECHANISM_TYPE>& listed) {
  return with_new_key(bench, options, std::get<GenerateKey>(options.key), {}, listed);
}

x509::CertificationRequest sign_content(const Bench& bench, const RequestOptions& settings, ByteView content,
                                        const SigningKey& key, const std::vector<CK_MECHANISM_TYPE>& listed) {
  Bytes info = x509::info_with_key(content, key.public_key);
  require_no_error(lint_with_key(settings, key.public_key, info), bench.surroundings);
  return sign_info(bench.session, bench.logins.user(), settings, key, std::move(info), listed);
}

}  // namespace p11csr::workflow
