#include <algorithm>
#include <array>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "model/ascii.hpp"
#include "model/name_forms.hpp"
#include "x509/lint/name_attribute.hpp"
#include "x509/lint/oids.hpp"
#include "x509/lint/policy.hpp"

namespace p11csr::x509 {
namespace {

constexpr std::size_t smallest_modulus_bits = 2048;

/// The mailboxes among the names, in UTF-8 (RFC 9598, 3: a SmtpUTF8Mailbox is a UTF8String).
std::vector<std::string_view> mailboxes(const RequestView& view) {
  std::vector<std::string_view> found;
  for (const auto* name : view.names_of(GeneralNameTag::rfc822)) found.push_back(name->text());
  for (const auto* name : view.other_names(oids::smtp_utf8_mailbox)) {
    try {
      crypto::DerReader reader(name->value, "the SmtpUTF8Mailbox");
      found.push_back(as_text(reader.expect(crypto::DerTag::utf8_string).content));
    } catch (const Error&) {
      found.emplace_back();
    }
  }
  return found;
}

void mailbox_missing(const RequestView& view, Violations& violations) {
  if (mailboxes(view).empty()) violations.emplace_back("no SubjectAltName is a mailbox");
}

/// Whether a name's value is meant as a mailbox: something without spaces, and a host name behind the last '@'.
bool is_mailbox(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || text.find(' ') != std::string_view::npos) return false;
  try {
    static_cast<void>(model::host_name(text.substr(at + 1)));
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// The same mailbox, whatever the case and whether its host is written in A-labels.
bool is_same_mailbox(std::string_view a, std::string_view b) {
  const auto canonical = [](std::string_view text) {
    const auto at = text.rfind('@');
    if (at == std::string_view::npos) return std::string(text);
    try {
      return std::string(text.substr(0, at + 1)) + model::host_name(text.substr(at + 1));
    } catch (const Error&) {
      return std::string(text);
    }
  };
  return model::equal_ignoring_case(canonical(a), canonical(b));
}

/// Without any mailbox among the names there is that to say and no more.
void subject_mailbox(const RequestView& view, Violations& violations) {
  const auto names = mailboxes(view);
  if (names.empty()) return;
  for_each_attribute(view, [&](const NameView& name, const NameAttribute& one) {
    const bool meant = one.type == oids::email_address || (one.text && is_mailbox(*one.text));
    const std::string_view text = one.text ? std::string_view(*one.text) : as_text(one.value);
    const auto same = [text](std::string_view other) { return is_same_mailbox(other, text); };
    if (meant && std::none_of(names.begin(), names.end(), same)) {
      violations.push_back(fmt::format("{}'s {} is not among the names", name.owner, shown(one)));
    }
  });
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

/// The bits that keys may have by their kind, besides digitalSignature and contentCommitment.
void other_usage(const RequestView& view, Violations& violations) {
  using enum KeyUsageBit;
  switch (view.key.algorithm) {
    case KeyAlgorithm::unknown:
      return;
    case KeyAlgorithm::rsa:
      return report_usages(view, violations, {key_agreement, encipher_only, decipher_only});
    case KeyAlgorithm::ec:
      return report_usages(view, violations, {key_encipherment, data_encipherment});
    case KeyAlgorithm::ed25519:
    case KeyAlgorithm::ed448:
    case KeyAlgorithm::ml_dsa:
      return report_usages(view, violations,
                           {key_encipherment, data_encipherment, key_agreement, encipher_only, decipher_only});
  }
}

void cert_signing(const RequestView& view, Violations& violations) {
  using enum KeyUsageBit;
  report_usages(view, violations, {key_cert_sign, crl_sign});
}

// S/MIME BR 1.0.11 added ML-DSA and ML-KEM (FIPS 204 and 203), each in three sizes.
constexpr std::array<std::string_view, 3> ml_kem = {"2.16.840.1.101.3.4.4.1", "2.16.840.1.101.3.4.4.2",
                                                    "2.16.840.1.101.3.4.4.3"};

void key_kind(const RequestView& view, Violations& violations) {
  using enum KeyAlgorithm;
  if (std::find(ml_kem.begin(), ml_kem.end(), view.key.oid) != ml_kem.end()) return;
  report_other_kind(view, violations, {rsa, ec, ed25519, ed448, ml_dsa});
}

void signature(const RequestView& view, Violations& violations) {
  using enum KeyAlgorithm;
  report_other_signature(view, violations, {rsa, ec, ed25519, ed448, ml_dsa});
}

void rsa_size(const RequestView& view, Violations& violations) {
  report_small_rsa(view, violations, smallest_modulus_bits);
}

constexpr auto set = RuleSet::smime;

constexpr std::array<CheckedRule, 13> rules = {{
    {{"smime-mailbox", set, Severity::error, "S/MIME BR, 7.1.4.2.1; RFC 8550, 3",
      "give the mailbox as a SubjectAltName"},
     mailbox_missing},
    {{"smime-subject-mailbox", set, Severity::error, "S/MIME BR, 7.1.4.2.1 and 7.1.4.2.2",
      "give every mailbox in a name as a SubjectAltName too, or leave it out"},
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
    {{"smime-other-usage", set, Severity::error, "S/MIME BR, 7.1.2.3",
      "with an RSA key request --key-usage keyEncipherment, with an EC key --key-usage keyAgreement; Edwards "
      "and ML-DSA keys sign"},
     other_usage},
    {{"smime-cert-sign", set, Severity::error, "S/MIME BR, 7.1.2.3", "leave keyCertSign and cRLSign out"},
     cert_signing},
    {{"smime-key-kind", set, Severity::error, "S/MIME BR, 6.1.5 and 7.1.3.1",
      "use an RSA key (rsaEncryption), an EC key, Ed25519, Ed448 or ML-DSA"},
     key_kind},
    {{"smime-signature", set, Severity::warning, "S/MIME BR, 7.1.3.2",
      "sign with RSA or ECDSA and SHA-256, SHA-384 or SHA-512, or with EdDSA or ML-DSA"},
     signature},
    {{"smime-rsa-size", set, Severity::error, "S/MIME BR, 6.1.5", "use an RSA key of at least 2048 bits"}, rsa_size},
    {{"smime-curve", set, Severity::error, "S/MIME BR, 6.1.5", "use P-256, P-384 or P-521"}, report_other_curve},
    {{"smime-ca", set, Severity::error, "S/MIME BR, 7.1.2.3", "leave CA:TRUE out"}, report_ca},
}};

}  // namespace

std::span<const CheckedRule> smime_rules() { return rules; }

}  // namespace p11csr::x509
