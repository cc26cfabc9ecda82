#include <array>

#include "x509/lint/oids.hpp"
#include "x509/lint/policy.hpp"

namespace p11csr::x509 {
namespace {

constexpr std::size_t smallest_modulus_bits = 3072;

void rsa_size(const RequestView& view, Violations& violations) {
  report_small_rsa(view, violations, smallest_modulus_bits);
}

void key_kind(const RequestView& view, Violations& violations) {
  if (view.key.algorithm == KeyAlgorithm::ed25519 || view.key.algorithm == KeyAlgorithm::ed448) {
    violations.push_back("the key is " + view.key.name);
  }
}

void purpose(const RequestView& view, Violations& violations) {
  report_missing_purpose(view, violations, oids::code_signing);
}

void other_purpose(const RequestView& view, Violations& violations) {
  report_purposes(view, violations, {oids::any_purpose, oids::server_auth});
}

void cert_signing(const RequestView& view, Violations& violations) {
  using enum KeyUsageBit;
  report_usages(view, violations, {key_cert_sign, crl_sign});
}

void common_name(const RequestView& view, Violations& violations) {
  report_missing_subject(view, violations, oids::common_name);
}

void organization(const RequestView& view, Violations& violations) {
  report_missing_subject(view, violations, oids::organization);
}

void country(const RequestView& view, Violations& violations) {
  report_missing_subject(view, violations, oids::country);
}

void organizational_unit(const RequestView& view, Violations& violations) {
  report_subject(view, violations, oids::organizational_unit);
}

constexpr auto set = RuleSet::cabf_codesign;

constexpr std::array<CheckedRule, 12> rules = {{
    {{"cabf-codesign-rsa-size", set, Severity::error, "CS BR, 6.1.5.2", "use an RSA key of at least 3072 bits"},
     rsa_size},
    {{"cabf-codesign-curve", set, Severity::error, "CS BR, 6.1.5.2", "use P-256, P-384 or P-521"}, report_other_curve},
    {{"cabf-codesign-key-kind", set, Severity::error, "CS BR, 6.1.5.2", "use an RSA or EC key"}, key_kind},
    {{"cabf-codesign-purpose", set, Severity::error, "CS BR, 7.1.2.3", "request codeSigning"}, purpose},
    {{"cabf-codesign-other-purpose", set, Severity::error, "CS BR, 7.1.2.3",
      "leave anyExtendedKeyUsage and serverAuth out"},
     other_purpose},
    {{"cabf-codesign-digital-signature", set, Severity::error, "CS BR, 7.1.2.3",
      "add digitalSignature to the key usage"},
     report_no_digital_signature},
    {{"cabf-codesign-cert-sign", set, Severity::error, "CS BR, 7.1.2.3", "leave keyCertSign and cRLSign out"},
     cert_signing},
    {{"cabf-codesign-ca", set, Severity::error, "CS BR, 7.1.2.3", "leave CA:TRUE out"}, report_ca},
    {{"cabf-codesign-common-name", set, Severity::error, "CS BR, 7.1.4.2.2", "give the legal name as CN"}, common_name},
    {{"cabf-codesign-organization", set, Severity::error, "CS BR, 7.1.4.2.2", "give the legal name as O"},
     organization},
    {{"cabf-codesign-country", set, Severity::error, "CS BR, 7.1.4.2.2", "give the country as C"}, country},
    {{"cabf-codesign-organizational-unit", set, Severity::warning, "CS BR, 7.1.4.2.2",
      "leave OU out, unless your CA verifies it"},
     organizational_unit},
}};

}  // namespace

std::span<const CheckedRule> cabf_codesign_rules() { return rules; }

}  // namespace p11csr::x509
