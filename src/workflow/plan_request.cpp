#include <fmt/format.h>
#include <fmt/ranges.h>

#include <p11csr/crypto/digest.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/workflow/create_request.hpp>

#include "pkcs11/key_generation.hpp"
#include "pkcs11/keys.hpp"
#include "pkcs11/mechanisms.hpp"
#include "pkcs11/session.hpp"
#include "workflow/new_key.hpp"
#include "workflow/open_token.hpp"
#include "workflow/request_checks.hpp"
#include "workflow/signing_key.hpp"
#include "workflow/uris_of.hpp"

namespace p11csr::workflow {
namespace {

void plan_signature(RequestPlan& plan, const RequestOptions& options, const KeySpec& kind,
                    const std::vector<CK_MECHANISM_TYPE>& listed) {
  plan.signature_algorithm = signature_algorithm(options, kind);
  const auto way = pkcs11::signing_mechanisms(*plan.signature_algorithm, listed).front();
  plan.mechanism = fmt::format("{}, hashed {}", pkcs11::mechanism_name(way.type),
                               way.hashes == pkcs11::WhoHashes::token ? "on the token" : "on the host");
  x509::require_verifiable(*plan.signature_algorithm, options.self_verification);
}

// A public key that alone matches, and alone has its ID, is the key's public half as far as shows without a login: the
// real run pairs by ID, never by label.
std::optional<crypto::PublicKey> visible_half(RequestPlan& plan, const pkcs11::ObjectSelector& selector,
                                              const pkcs11::Session& session, const pkcs11::Token& token) {
  pkcs11::AttributeList match = selector.match(CKO_PUBLIC_KEY);
  const auto found = session.find(match);
  if (found.size() != 1) {
    plan.unknown_because = found.empty() ? "its public half cannot be seen without a login"
                                         : fmt::format("{} public keys match without a login", found.size());
    return std::nullopt;
  }
  auto half = pkcs11::read_public_key(session, found.front(), token.info.uri);
  if (!half.key) {
    plan.unknown_because =
        half.unusable_because.empty() ? "its public half cannot be read without a login" : half.unusable_because;
    return std::nullopt;
  }
  pkcs11::AttributeList same_id;
  same_id.number(CKA_CLASS, CKO_PUBLIC_KEY).bytes(CKA_ID, half.id);
  const auto of_its_id = session.find(same_id).size();
  if (of_its_id > 1) {
    plan.unknown_because =
        fmt::format("{} public keys have its ID, and only a signature tells which is its own", of_its_id);
    return std::nullopt;
  }
  return std::move(half.key);
}

void plan_existing(RequestPlan& plan, const RequestOptions& options, const pkcs11::ObjectSelector& selector,
                   const pkcs11::Session& session, const pkcs11::Token& token,
                   const std::vector<CK_MECHANISM_TYPE>& listed) {
  plan.key = fmt::format("use the private key with {}", selector.description());
  const auto half = visible_half(plan, selector, session, token);
  if (!half) return;
  if (const auto* wanted = std::get_if<GenerateKey>(&options.key))
    require_kind(half->kind(),
                 pkcs11::object_uri(token.info.uri, wanted->id.value_or(Bytes{}), wanted->label,
                                    pkcs11::ObjectClass::private_key),
                 wanted->kind);
  plan_signature(plan, options, half->kind(), listed);
  require_confirmed(options, *half);
  const Bytes content = x509::certification_request_info(options.spec, *half);
  plan.to_be_signed_sha256 = crypto::sha256_text(content);
  plan.key += fmt::format(": {}", display_name(half->kind()));
  plan.lint = lint_with_key(options, *half, content);
}

// What has the label or the ID already; private keys cannot be seen without a login.
KeyOrName visible_key(const pkcs11::Session& session, const GenerateKey& wanted, const pkcs11::Token& token) {
  if (wanted.if_exists != IfExists::refuse) {
    pkcs11::AttributeList match = match_of(wanted, CKO_PUBLIC_KEY);
    const auto there = pkcs11::keys_with(session, match, token.info.uri);
    if (there.size() == 1) return pkcs11::ObjectSelector::of_key(there.front());
    if (there.size() > 1)
      return pkcs11::ObjectSelector::of_key(
          pkcs11::object_uri(token.info.uri, {}, wanted.label, pkcs11::ObjectClass::private_key));
  }
  return free_name(session, wanted, token);
}

void plan_new(RequestPlan& plan, const RequestOptions& options, const pkcs11::Session& session,
              const pkcs11::Token& token, const std::vector<CK_MECHANISM_TYPE>& listed) {
  const auto& wanted = std::get<GenerateKey>(options.key);
  pkcs11::require_generation(wanted.kind, listed);
  const KeyOrName there = visible_key(session, wanted, token);
  if (const auto* reused = std::get_if<pkcs11::ObjectSelector>(&there)) {
    plan_existing(plan, options, *reused, session, token, listed);
    return;
  }
  plan_signature(plan, options, wanted.kind, listed);
  plan.key = fmt::format("generate {} with the label '{}'", display_name(wanted.kind), wanted.label);
  if (wanted.id) plan.key += fmt::format(" and the ID {}", to_hex(*wanted.id));
  if (wanted.officer) plan.key += ", as the security officer";
  const auto replaced = uris_of(std::get<pkcs11::FreeName>(there).replaced);
  if (!replaced.empty()) plan.key += fmt::format(", in the place of {}", fmt::join(replaced, " and "));
  plan.unknown_because = "the key does not exist yet";
}

}  // namespace

RequestPlan plan_request(RequestOptions options, const Surroundings& surroundings) {
  check_options(options);
  auto findings = lint_before_key(options);
  std::optional<pkcs11::ObjectSelector> selector;
  if (const auto* use = std::get_if<UseKey>(&options.key)) selector = pkcs11::ObjectSelector::of_key(use->selector);
  const OpenToken open = open_token(options.token, selector ? &*selector : nullptr, surroundings);
  const auto listed = pkcs11::list_mechanisms(open.token);
  const auto session = pkcs11::Session::open(open.token.module, open.token.slot, pkcs11::Access::read_only);
  RequestPlan plan{};
  plan.token = open.token.info;
  plan.lint = std::move(findings);
  if (selector)
    plan_existing(plan, options, *selector, session, open.token, listed);
  else
    plan_new(plan, options, session, open.token, listed);
  return plan;
}

}  // namespace p11csr::workflow
