#include <array>

#include <p11csr/model/error.hpp>

#include "x509/lint/oids.hpp"
#include "x509/lint/policy.hpp"

namespace p11csr::x509 {
namespace {

using crypto::DerTag;

constexpr std::size_t smallest_modulus_bits = 3072;

void rsa_size(const RequestView& view, Violations& violations) {
  report_small_rsa(view, violations, smallest_modulus_bits);
}

/// Whether a DSA key has the numbers that 6.1.5.2 wants: L of 2048 bits, N of 224 or 256.
bool has_dsa_sizes(const KeyView& key) {
  if (!key.parameters || !key.parameters->is(DerTag::sequence)) return false;
  try {
    crypto::DerReader reader(key.parameters->content, "the DSA parameters");
    const auto p = crypto::unsigned_integer(reader.expect(DerTag::integer).content);
    const auto q = crypto::unsigned_integer(reader.expect(DerTag::integer).content);
    return p && q && p->size() * 8 == 2048 && (q->size() * 8 == 224 || q->size() * 8 == 256);
  } catch (const Error&) {
    return false;
  }
}

void key_kind(const RequestView& view, Violations& violations) {
  if (view.key.oid == oids::dsa && has_dsa_sizes(view.key)) return;
  report_other_kind(view, violations, {KeyAlgorithm::rsa, KeyAlgorithm::ec});
}

void signature(const RequestView& view, Violations& violations) {
  if (view.algorithm && view.algorithm->oid == oids::dsa_with_sha256) return;
  report_other_signature(view, violations, {KeyAlgorithm::rsa, KeyAlgorithm::ec});
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

constexpr std::array<CheckedRule, 13> rules = {{
    {{"cabf-codesign-rsa-size", set, Severity::error, "CS BR, 6.1.5.2", "use an RSA key of at least 3072 bits"},
     rsa_size},
    {{"cabf-codesign-curve", set, Severity::error, "CS BR, 6.1.5.2", "use P-256, P-384 or P-521"}, report_other_curve},
    {{"cabf-codesign-key-kind", set, Severity::error, "CS BR, 6.1.5.2", "use an RSA key (rsaEncryption) or an EC key"},
     key_kind},
    {{"cabf-codesign-signature", set, Severity::warning, "CS BR, 7.1.3.2",
      "sign with RSA or ECDSA and SHA-256, SHA-384 or SHA-512"},
     signature},
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
