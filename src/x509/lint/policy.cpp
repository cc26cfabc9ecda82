#include "x509/lint/policy.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "x509/algorithm_identifier.hpp"
#include "x509/lint/name_attribute.hpp"

namespace p11csr::x509 {
namespace {

KeyAlgorithm key_of(const SignatureAlgorithm& algorithm) {
  if (std::holds_alternative<EcdsaSignature>(algorithm)) return KeyAlgorithm::ec;
  if (std::holds_alternative<MlDsaSignature>(algorithm)) return KeyAlgorithm::ml_dsa;
  const auto* eddsa = std::get_if<EdDsaSignature>(&algorithm);
  if (eddsa == nullptr) return KeyAlgorithm::rsa;
  return eddsa->curve == EdwardsCurve::ed25519 ? KeyAlgorithm::ed25519 : KeyAlgorithm::ed448;
}

bool is_among(KeyAlgorithm one, std::initializer_list<KeyAlgorithm> allowed) {
  return std::find(allowed.begin(), allowed.end(), one) != allowed.end();
}

}  // namespace

void report_other_kind(const RequestView& view, Violations& violations, std::initializer_list<KeyAlgorithm> allowed) {
  const KeyView& key = view.key;
  if (key.name.empty() || !key.well_formed) return;
  if (!is_among(key.algorithm, allowed) || key.restricted_to_pss) {
    violations.push_back(fmt::format("the key is of the kind {}", key.name));
  }
}

void report_other_signature(const RequestView& view, Violations& violations,
                            std::initializer_list<KeyAlgorithm> allowed) {
  if (!view.algorithm) return;
  const auto algorithm = parse_algorithm(view.algorithm->whole);
  if (!algorithm || !is_among(key_of(*algorithm), allowed)) {
    violations.push_back(fmt::format("the request is signed with {}", algorithm_name(view.algorithm->whole)));
  }
}

void report_small_rsa(const RequestView& view, Violations& violations, std::size_t bits) {
  if (view.key.algorithm == KeyAlgorithm::rsa && view.key.well_formed && view.key.bits < bits) {
    violations.push_back(fmt::format("the RSA modulus has {} bits, {} are the least", view.key.bits, bits));
  }
}

void report_other_curve(const RequestView& view, Violations& violations) {
  const auto& curve = view.key.curve;
  if (view.key.algorithm != KeyAlgorithm::ec || !view.key.well_formed) return;
  if (curve != NamedCurve::p256 && curve != NamedCurve::p384 && curve != NamedCurve::p521) {
    violations.push_back(
        fmt::format("the key is on {}", curve ? facts(*curve).name : "a curve that is not named here"));
  }
}

void report_usages(const RequestView& view, Violations& violations, std::initializer_list<KeyUsageBit> bits) {
  for (const KeyUsageBit bit : bits) {
    if (view.uses(bit)) violations.push_back(fmt::format("keyUsage has {}", key_usage_name(bit)));
  }
}

void report_purpose(const std::string& oid, Violations& violations) {
  violations.push_back(fmt::format("extKeyUsage has {}", purpose_name(Oid::parse(oid))));
}

void report_purposes(const RequestView& view, Violations& violations,
                     std::initializer_list<std::string_view> purposes) {
  for (const std::string_view purpose : purposes) {
    if (view.has_purpose(purpose)) report_purpose(std::string(purpose), violations);
  }
}

void report_missing_purpose(const RequestView& view, Violations& violations, std::string_view purpose) {
  if (!view.has_purpose(purpose)) {
    violations.push_back(fmt::format("extKeyUsage has no {}", purpose_name(Oid::parse(purpose))));
  }
}

void report_no_digital_signature(const RequestView& view, Violations& violations) {
  if (view.key_usage && !view.uses(KeyUsageBit::digital_signature)) {
    violations.emplace_back("keyUsage has no digitalSignature");
  }
}

void report_subject(const RequestView& view, Violations& violations, std::string_view type) {
  for (const auto* one : view.values_of(type)) violations.push_back(fmt::format("the subject has {}", shown(*one)));
}

void report_missing_subject(const RequestView& view, Violations& violations, std::string_view type) {
  if (view.values_of(type).empty()) {
    violations.push_back(fmt::format("the subject has no {}", attribute_name(Oid::parse(type))));
  }
}

void report_ca(const RequestView& view, Violations& violations) {
  if (view.is_ca()) violations.emplace_back("basicConstraints has CA:TRUE");
}

}  // namespace p11csr::x509
