#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "x509/lint/name_attribute.hpp"
#include "x509/lint/oids.hpp"
#include "x509/lint/policy.hpp"
#include "x509/lint/rule.hpp"

namespace p11csr::x509 {
namespace {

constexpr std::size_t smallest_modulus_bits = 2048;

void key_kind(const RequestView& view, Violations& violations) {
  report_other_kind(view, violations, {KeyAlgorithm::rsa, KeyAlgorithm::ec});
}

void signature(const RequestView& view, Violations& violations) {
  report_other_signature(view, violations, {KeyAlgorithm::rsa, KeyAlgorithm::ec});
}

void rsa_size(const RequestView& view, Violations& violations) {
  report_small_rsa(view, violations, smallest_modulus_bits);
}

void rsa_octets(const RequestView& view, Violations& violations) {
  if (view.key.algorithm == KeyAlgorithm::rsa && view.key.bits % 8 != 0) {
    violations.push_back(fmt::format("the RSA modulus has {} bits, which 8 does not divide", view.key.bits));
  }
}

void server_auth(const RequestView& view, Violations& violations) {
  if (view.purposes && !view.has_purpose(oids::server_auth)) violations.emplace_back("extKeyUsage has no serverAuth");
}

void other_purposes(const RequestView& view, Violations& violations) {
  if (!view.purposes) return;
  for (const std::string& purpose : *view.purposes) {
    if (purpose != oids::server_auth && purpose != oids::client_auth) report_purpose(purpose, violations);
  }
}

void key_usage(const RequestView& view, Violations& violations) {
  // keyCertSign is an error without CA:TRUE, and that is one here.
  using enum KeyUsageBit;
  report_usages(view, violations, {content_commitment, crl_sign, encipher_only, decipher_only});
  if (view.key.algorithm == KeyAlgorithm::ec) report_usages(view, violations, {key_encipherment, data_encipherment});
  if (view.key.algorithm == KeyAlgorithm::rsa) report_usages(view, violations, {key_agreement});
}

void key_usage_required(const RequestView& view, Violations& violations) {
  using enum KeyUsageBit;
  // No bit at all breaks a rule of its own, and so does CA:TRUE.
  if (!view.key_usage || view.key_usage->empty() || view.is_ca() || view.uses(digital_signature)) return;
  if (view.key.algorithm == KeyAlgorithm::ec) {
    violations.emplace_back("keyUsage has no digitalSignature");
  } else if (!view.uses(key_encipherment)) {
    violations.emplace_back("keyUsage has neither digitalSignature nor keyEncipherment");
  }
}

void key_usage_discouraged(const RequestView& view, Violations& violations) {
  using enum KeyUsageBit;
  if (view.key.algorithm == KeyAlgorithm::rsa) report_usages(view, violations, {data_encipherment});
  if (view.key.algorithm == KeyAlgorithm::ec) report_usages(view, violations, {key_agreement});
}

void organizational_unit(const RequestView& view, Violations& violations) {
  report_subject(view, violations, oids::organizational_unit);
}

void email_address(const RequestView& view, Violations& violations) {
  report_subject(view, violations, oids::email_address);
}

void organization_country(const RequestView& view, Violations& violations) {
  if (!view.values_of(oids::organization).empty() && view.values_of(oids::country).empty()) {
    violations.emplace_back("the subject has an O without a C");
  }
}

void organization_place(const RequestView& view, Violations& violations) {
  const bool placed = !view.values_of(oids::locality).empty() || !view.values_of(oids::state).empty();
  if (!view.values_of(oids::organization).empty() && !placed) {
    violations.emplace_back("the subject has an O without an L or ST");
  }
}

void metadata(const RequestView& view, Violations& violations) {
  for_each_attribute(view, [&](const NameView& name, const NameAttribute& one) {
    const bool says_something =
        !one.text || one.text->empty() || one.text->find_first_not_of(".- ") != std::string::npos;
    if (!says_something) violations.push_back(fmt::format("{}'s {} says nothing", name.owner, shown(one)));
  });
}

constexpr auto set = RuleSet::cabf_tls;

constexpr std::array<CheckedRule, 16> rules = {{
    {{"cabf-tls-key-kind", set, Severity::error, "TLS BR, 6.1.5 and 7.1.3.1",
      "use an RSA key (rsaEncryption) or an EC key"},
     key_kind},
    {{"cabf-tls-signature", set, Severity::warning, "TLS BR, 7.1.3.2",
      "sign with RSA or ECDSA and SHA-256, SHA-384 or SHA-512"},
     signature},
    {{"cabf-tls-rsa-size", set, Severity::error, "TLS BR, 6.1.5", "use an RSA key of at least 2048 bits"}, rsa_size},
    {{"cabf-tls-rsa-octets", set, Severity::error, "TLS BR, 6.1.5", "use a modulus whose bits 8 divides"}, rsa_octets},
    {{"cabf-tls-curve", set, Severity::error, "TLS BR, 6.1.5", "use P-256, P-384 or P-521"}, report_other_curve},
    {{"cabf-tls-server-auth", set, Severity::error, "TLS BR, 7.1.2.7.10", "request serverAuth"}, server_auth},
    {{"cabf-tls-other-purpose", set, Severity::error, "TLS BR, 7.1.2.7.10",
      "request no purposes but serverAuth and clientAuth"},
     other_purposes},
    {{"cabf-tls-key-usage", set, Severity::error, "TLS BR, 7.1.2.7.11",
      "request digitalSignature, with an RSA key also keyEncipherment"},
     key_usage},
    {{"cabf-tls-key-usage-required", set, Severity::error, "TLS BR, 7.1.2.7.11",
      "request digitalSignature; with an RSA key keyEncipherment may stand alone"},
     key_usage_required},
    {{"cabf-tls-key-usage-discouraged", set, Severity::warning, "TLS BR, 7.1.2.7.11",
      "leave dataEncipherment (RSA) or keyAgreement (EC) out, which is not recommended"},
     key_usage_discouraged},
    {{"cabf-tls-ca", set, Severity::error, "TLS BR, 7.1.2.7.8", "leave CA:TRUE out"}, report_ca},
    {{"cabf-tls-organizational-unit", set, Severity::error, "TLS BR, 7.1.2.7.2 and 7.1.2.7.4",
      "leave OU out; public CAs may not certify it"},
     organizational_unit},
    {{"cabf-tls-email-address", set, Severity::error, "TLS BR, 7.1.2.7.2 and 7.1.2.7.4",
      "leave emailAddress out of the subject"},
     email_address},
    {{"cabf-tls-organization-country", set, Severity::error, "TLS BR, 7.1.2.7.4", "add the country"},
     organization_country},
    {{"cabf-tls-organization-place", set, Severity::warning, "TLS BR, 7.1.2.7.4", "add the locality or the state"},
     organization_place},
    {{"cabf-tls-metadata", set, Severity::error, "TLS BR, 7.1.2.7.4", "leave the attribute out"}, metadata},
}};

}  // namespace

std::span<const CheckedRule> cabf_tls_rules() { return rules; }

}  // namespace p11csr::x509
