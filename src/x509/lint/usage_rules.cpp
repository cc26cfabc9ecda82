#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "x509/lint/oids.hpp"
#include "x509/lint/rule.hpp"

namespace p11csr::x509 {
namespace {

using enum KeyUsageBit;

void empty(const RequestView& view, Violations& violations) {
  if (view.key_usage && view.key_usage->empty()) violations.emplace_back("keyUsage has no bit set");
}

void not_critical(const RequestView& view, Violations& violations) {
  const auto* extension = view.extension(oids::key_usage);
  if (extension != nullptr && !extension->critical) violations.emplace_back("keyUsage is not critical");
}

void undefined_bits(const RequestView& view, Violations& violations) {
  if (view.key_usage && view.key_usage->undefined_bits) violations.emplace_back("keyUsage has a bit behind the ninth");
}

void trailing_zeros(const RequestView& view, Violations& violations) {
  if (view.key_usage && !view.key_usage->empty() && view.key_usage->trailing_zeros) {
    violations.emplace_back("keyUsage has zero bits at its end");
  }
}

void only_bits_without_agreement(const RequestView& view, Violations& violations) {
  if ((view.uses(encipher_only) || view.uses(decipher_only)) && !view.uses(key_agreement)) {
    violations.emplace_back("keyUsage has encipherOnly or decipherOnly without keyAgreement");
  }
}

void cert_sign_without_ca(const RequestView& view, Violations& violations) {
  if (view.uses(key_cert_sign) && !view.is_ca()) violations.emplace_back("keyUsage has keyCertSign without CA:TRUE");
}

void ca_without_cert_sign(const RequestView& view, Violations& violations) {
  if (view.is_ca() && view.key_usage && !view.uses(key_cert_sign)) {
    violations.emplace_back("CA:TRUE is requested, and keyUsage has no keyCertSign");
  }
}

void ca_without_key_usage(const RequestView& view, Violations& violations) {
  if (view.is_ca() && view.extension(oids::key_usage) == nullptr) {
    violations.emplace_back("CA:TRUE is requested without keyUsage");
  }
}

/// Reports which of the bits are set.
void report_bits(const RequestView& view, Violations& violations, std::initializer_list<KeyUsageBit> bits) {
  for (const KeyUsageBit bit : bits) {
    if (view.uses(bit)) {
      violations.push_back(fmt::format("keyUsage has {}, and the key is {}", key_usage_name(bit), view.key.name));
    }
  }
}

void rsa_agreement(const RequestView& view, Violations& violations) {
  if (view.key.algorithm == KeyAlgorithm::rsa) report_bits(view, violations, {key_agreement});
}

void ec_encipherment(const RequestView& view, Violations& violations) {
  if (view.key.algorithm == KeyAlgorithm::ec) report_bits(view, violations, {key_encipherment, data_encipherment});
}

void edwards_encipherment(const RequestView& view, Violations& violations) {
  if (view.key.algorithm == KeyAlgorithm::ed25519 || view.key.algorithm == KeyAlgorithm::ed448) {
    report_bits(view, violations, {key_encipherment, data_encipherment, key_agreement});
  }
}

void ml_dsa_usage(const RequestView& view, Violations& violations) {
  if (view.key.algorithm != KeyAlgorithm::ml_dsa || !view.key_usage || view.key_usage->empty()) return;
  report_bits(view, violations, {key_encipherment, data_encipherment, key_agreement, encipher_only, decipher_only});
  const auto signs = {digital_signature, content_commitment, key_cert_sign, crl_sign};
  if (std::none_of(signs.begin(), signs.end(), [&](KeyUsageBit bit) { return view.uses(bit); })) {
    violations.emplace_back("keyUsage has no bit that signs");
  }
}

void no_purpose(const RequestView& view, Violations& violations) {
  if (view.purposes && view.purposes->empty()) violations.emplace_back("extKeyUsage holds no purpose");
}

void purpose_repeated(const RequestView& view, Violations& violations) {
  if (!view.purposes) return;
  for (auto one = view.purposes->begin(); one != view.purposes->end(); ++one) {
    if (std::find(view.purposes->begin(), one, *one) != one) {
      violations.push_back(fmt::format("extKeyUsage has {} more than once", purpose_name(Oid::parse(*one))));
    }
  }
}

void any_purpose_critical(const RequestView& view, Violations& violations) {
  if (view.has_purpose(oids::any_purpose) && view.extension(oids::extended_key_usage)->critical) {
    violations.emplace_back("extKeyUsage has anyExtendedKeyUsage and is critical");
  }
}

void any_purpose_with_others(const RequestView& view, Violations& violations) {
  if (view.has_purpose(oids::any_purpose) && view.purposes->size() > 1) {
    violations.emplace_back("extKeyUsage has anyExtendedKeyUsage and other purposes");
  }
}

/// What a purpose needs of the key, any of the bits (RFC 5280, 4.2.1.12).
struct PurposeFacts {
  std::string_view oid;
  std::array<KeyUsageBit, 4> bits;
};
constexpr std::array<PurposeFacts, 6> purposes = {{
    {oids::server_auth, {digital_signature, key_encipherment, key_agreement, key_agreement}},
    {oids::client_auth, {digital_signature, key_agreement, key_agreement, key_agreement}},
    {oids::code_signing, {digital_signature, digital_signature, digital_signature, digital_signature}},
    {oids::email_protection, {digital_signature, content_commitment, key_encipherment, key_agreement}},
    {oids::time_stamping, {digital_signature, content_commitment, content_commitment, content_commitment}},
    {oids::ocsp_signing, {digital_signature, content_commitment, content_commitment, content_commitment}},
}};

void purpose_without_usage(const RequestView& view, Violations& violations) {
  // What a CA's purposes mean is another matter: they bound what it may issue.
  if (!view.key_usage || view.key_usage->empty() || view.is_ca()) return;
  for (const PurposeFacts& one : purposes) {
    const bool allowed = std::any_of(one.bits.begin(), one.bits.end(), [&](auto bit) { return view.uses(bit); });
    if (view.has_purpose(one.oid) && !allowed) {
      violations.push_back(
          fmt::format("extKeyUsage has {}, and keyUsage has no bit that it needs", purpose_name(Oid::parse(one.oid))));
    }
  }
}

constexpr auto shape = RuleSet::shape;

constexpr std::array<CheckedRule, 17> rules = {{
    {{"key-usage-empty", shape, Severity::error, "RFC 5280, 4.2.1.3", "leave keyUsage out, or set a bit"}, empty},
    {{"key-usage-not-critical", shape, Severity::warning, "RFC 5280, 4.2.1.3", "mark keyUsage critical"}, not_critical},
    {{"key-usage-undefined-bit", shape, Severity::error, "RFC 5280, 4.2.1.3",
      "set only the nine bits that have a name"},
     undefined_bits},
    {{"key-usage-trailing-zeros", shape, Severity::error, "X.690, 11.2.2", "encode keyUsage up to its last set bit"},
     trailing_zeros},
    {{"key-usage-only-without-agreement", shape, Severity::warning, "RFC 5280, 4.2.1.3",
      "set keyAgreement as well, or leave encipherOnly and decipherOnly out"},
     only_bits_without_agreement},
    {{"key-usage-cert-sign-without-ca", shape, Severity::error, "RFC 5280, 4.2.1.9",
      "leave keyCertSign out, or request basicConstraints CA:TRUE"},
     cert_sign_without_ca},
    {{"ca-without-cert-sign", shape, Severity::error, "RFC 5280, 4.2.1.3", "add keyCertSign to the key usage"},
     ca_without_cert_sign},
    {{"ca-without-key-usage", shape, Severity::warning, "RFC 5280, 4.2.1.3",
      "request keyUsage with keyCertSign and cRLSign"},
     ca_without_key_usage},
    {{"key-usage-rsa", shape, Severity::warning, "RFC 3279, 2.3.1", "leave keyAgreement out; an RSA key cannot do it"},
     rsa_agreement},
    {{"key-usage-ec", shape, Severity::warning, "RFC 5480, 3; RFC 8813, 3",
      "leave keyEncipherment and dataEncipherment out; for encryption EC keys have keyAgreement"},
     ec_encipherment},
    {{"key-usage-edwards", shape, Severity::warning, "RFC 8410, 5; RFC 9295, 3", "set signing bits only"},
     edwards_encipherment},
    {{"key-usage-ml-dsa", shape, Severity::error, "RFC 9881, 5",
      "set digitalSignature, contentCommitment, keyCertSign or cRLSign, and nothing else; ML-DSA only signs"},
     ml_dsa_usage},
    {{"extended-key-usage-empty", shape, Severity::error, "RFC 5280, 4.2.1.12",
      "leave extKeyUsage out, or name a purpose"},
     no_purpose},
    {{"extended-key-usage-repeated", shape, Severity::warning, "RFC 5280, 4.2.1.12", "name each purpose once"},
     purpose_repeated},
    {{"extended-key-usage-any-critical", shape, Severity::warning, "RFC 5280, 4.2.1.12",
      "leave extKeyUsage uncritical, or anyExtendedKeyUsage out"},
     any_purpose_critical},
    {{"extended-key-usage-any-with-others", shape, Severity::notice, "RFC 5280, 4.2.1.12",
      "leave anyExtendedKeyUsage out where the purposes are known"},
     any_purpose_with_others},
    {{"extended-key-usage-inconsistent", shape, Severity::warning, "RFC 5280, 4.2.1.12",
      "request a key usage that the purpose needs, such as digitalSignature"},
     purpose_without_usage},
}};

}  // namespace

std::span<const CheckedRule> usage_rules() { return rules; }

}  // namespace p11csr::x509
