#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "model/ascii.hpp"
#include "model/quote.hpp"
#include "x509/lint/oids.hpp"
#include "x509/lint/policy.hpp"

namespace p11csr::x509 {
namespace {

constexpr std::size_t smallest_modulus_bits = 2048;

void mailbox_missing(const RequestView& view, Violations& violations) {
  if (view.names_of(GeneralNameTag::rfc822).empty() && view.other_names(oids::smtp_utf8_mailbox).empty()) {
    violations.emplace_back("no SubjectAltName is a mailbox");
  }
}

/// Without any mailbox among the names there is that to say and no more.
void subject_mailbox(const RequestView& view, Violations& violations) {
  const auto names = view.names_of(GeneralNameTag::rfc822);
  for (const auto* one : view.values_of(oids::email_address)) {
    const auto same = [one](const auto* name) { return model::equal_ignoring_case(name->text(), as_text(one->value)); };
    if (!names.empty() && std::none_of(names.begin(), names.end(), same)) {
      violations.push_back(
          fmt::format("the subject's emailAddress {} is not among the names", model::in_quotes(as_text(one->value))));
    }
  }
}

void name_kind(const RequestView& view, Violations& violations) {
  for (const auto tag : {GeneralNameTag::dns, GeneralNameTag::ip, GeneralNameTag::uri}) {
    if (!view.names_of(tag).empty()) {
      violations.emplace_back("a SubjectAltName is a dNSName, an iPAddress or a URI");
      return;
    }
  }
}

void purpose(const RequestView& view, Violations& violations) {
  report_missing_purpose(view, violations, oids::email_protection);
}

void other_purpose(const RequestView& view, Violations& violations) {
  report_purposes(view, violations, {oids::any_purpose, oids::server_auth, oids::code_signing, oids::time_stamping});
}

void usage_missing(const RequestView& view, Violations& violations) {
  using enum KeyUsageBit;
  if (!view.key_usage || view.key_usage->empty()) return;
  const bool encrypts = view.uses(key_encipherment) || view.uses(key_agreement);
  if (!view.uses(digital_signature) && !encrypts) {
    violations.emplace_back("keyUsage has none of digitalSignature, keyEncipherment and keyAgreement");
  }
}

void cert_signing(const RequestView& view, Violations& violations) {
  using enum KeyUsageBit;
  report_usages(view, violations, {key_cert_sign, crl_sign});
}

// S/MIME BR 1.0.11 added ML-DSA and ML-KEM (FIPS 204 and 203), each in three sizes.
constexpr std::array<std::string_view, 3> ml_dsa = {"2.16.840.1.101.3.4.3.17", "2.16.840.1.101.3.4.3.18",
                                                    "2.16.840.1.101.3.4.3.19"};
constexpr std::array<std::string_view, 3> ml_kem = {"2.16.840.1.101.3.4.4.1", "2.16.840.1.101.3.4.4.2",
                                                    "2.16.840.1.101.3.4.4.3"};

bool is_one_of(std::string_view oid, const std::array<std::string_view, 3>& list) {
  return std::find(list.begin(), list.end(), oid) != list.end();
}

void key_kind(const RequestView& view, Violations& violations) {
  using enum KeyAlgorithm;
  if (is_one_of(view.key.oid, ml_dsa) || is_one_of(view.key.oid, ml_kem)) return;
  report_other_kind(view, violations, {rsa, ec, ed25519, ed448});
}

void signature(const RequestView& view, Violations& violations) {
  using enum KeyAlgorithm;
  if (view.algorithm && is_one_of(view.algorithm->oid, ml_dsa)) return;
  report_other_signature(view, violations, {rsa, ec, ed25519, ed448});
}

void rsa_size(const RequestView& view, Violations& violations) {
  report_small_rsa(view, violations, smallest_modulus_bits);
}

constexpr auto set = RuleSet::smime;

constexpr std::array<CheckedRule, 12> rules = {{
    {{"smime-mailbox", set, Severity::error, "S/MIME BR, 7.1.4.2.1; RFC 8550, 3",
      "give the mailbox as a SubjectAltName"},
     mailbox_missing},
    {{"smime-subject-mailbox", set, Severity::error, "S/MIME BR, 7.1.4.2.2",
      "give the subject's emailAddress as a SubjectAltName too, or leave it out"},
     subject_mailbox},
    {{"smime-name-kind", set, Severity::error, "S/MIME BR, 7.1.4.2.1", "leave names of hosts out"}, name_kind},
    {{"smime-purpose", set, Severity::error, "S/MIME BR, 7.1.2.3; RFC 8550, 4.4.4", "request emailProtection"},
     purpose},
    {{"smime-other-purpose", set, Severity::error, "S/MIME BR, 7.1.2.3",
      "leave serverAuth, codeSigning, timeStamping and anyExtendedKeyUsage out"},
     other_purpose},
    {{"smime-key-usage", set, Severity::error, "S/MIME BR, 7.1.2.3; RFC 8550, 4.4.2",
      "request digitalSignature to sign, keyEncipherment (RSA) or keyAgreement (EC) to encrypt"},
     usage_missing},
    {{"smime-cert-sign", set, Severity::error, "S/MIME BR, 7.1.2.3", "leave keyCertSign and cRLSign out"},
     cert_signing},
    {{"smime-key-kind", set, Severity::error, "S/MIME BR, 6.1.5 and 7.1.3.1",
      "use an RSA key (rsaEncryption), an EC key, Ed25519 or Ed448"},
     key_kind},
    {{"smime-signature", set, Severity::warning, "S/MIME BR, 7.1.3.2",
      "sign with RSA or ECDSA and SHA-256, SHA-384 or SHA-512, or with EdDSA"},
     signature},
    {{"smime-rsa-size", set, Severity::error, "S/MIME BR, 6.1.5", "use an RSA key of at least 2048 bits"}, rsa_size},
    {{"smime-curve", set, Severity::error, "S/MIME BR, 6.1.5", "use P-256, P-384 or P-521"}, report_other_curve},
    {{"smime-ca", set, Severity::error, "S/MIME BR, 7.1.2.3", "leave CA:TRUE out"}, report_ca},
}};

}  // namespace

std::span<const CheckedRule> smime_rules() { return rules; }

}  // namespace p11csr::x509
