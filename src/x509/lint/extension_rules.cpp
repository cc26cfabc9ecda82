#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "crypto/der.hpp"
#include "model/quote.hpp"
#include "x509/lint/oids.hpp"
#include "x509/lint/rule.hpp"

namespace p11csr::x509 {
namespace {

struct ExtensionFacts {
  std::string_view oid;
  std::string_view name;
};

template <std::size_t count>
const ExtensionFacts* find(const std::array<ExtensionFacts, count>& table, std::string_view oid) {
  const auto* const found =
      std::find_if(table.begin(), table.end(), [oid](const ExtensionFacts& one) { return one.oid == oid; });
  return found == table.end() ? nullptr : found;
}

// RFC 5280, 4.2.1 and 4.2.2, and what else relying parties are known to process when it is critical.
constexpr std::array<ExtensionFacts, 7> processed = {{
    {oids::key_usage, "keyUsage"},
    {oids::subject_alt_name, "subjectAltName"},
    {oids::basic_constraints, "basicConstraints"},
    {oids::name_constraints, "nameConstraints"},
    {oids::certificate_policies, "certificatePolicies"},
    {oids::policy_constraints, "policyConstraints"},
    {oids::extended_key_usage, "extKeyUsage"},
}};

constexpr std::array<ExtensionFacts, 5> never_critical = {{
    {oids::subject_key_identifier, "subjectKeyIdentifier"},
    {oids::authority_key_identifier, "authorityKeyIdentifier"},
    {oids::authority_info_access, "authorityInfoAccess"},
    {oids::subject_info_access, "subjectInfoAccess"},
    {oids::freshest_crl, "freshestCRL"},
}};

constexpr std::array<ExtensionFacts, 3> always_critical = {{
    {oids::name_constraints, "nameConstraints"},
    {oids::policy_constraints, "policyConstraints"},
    {oids::inhibit_any_policy, "inhibitAnyPolicy"},
}};

constexpr std::array<ExtensionFacts, 4> of_ca_only = {{
    {oids::name_constraints, "nameConstraints"},
    {oids::policy_mappings, "policyMappings"},
    {oids::policy_constraints, "policyConstraints"},
    {oids::inhibit_any_policy, "inhibitAnyPolicy"},
}};

constexpr std::array<ExtensionFacts, 5> of_issuer = {{
    {oids::authority_key_identifier, "authorityKeyIdentifier"},
    {oids::issuer_alt_name, "issuerAltName"},
    {oids::crl_distribution_points, "cRLDistributionPoints"},
    {oids::freshest_crl, "freshestCRL"},
    {oids::authority_info_access, "authorityInfoAccess"},
}};

constexpr std::array<ExtensionFacts, 2> of_logs = {{
    {oids::signed_certificate_timestamps, "the list of SCTs"},
    {oids::precertificate_poison, "the precertificate poison"},
}};

void repeated(const RequestView& view, Violations& violations) {
  for (auto one = view.extensions.begin(); one != view.extensions.end(); ++one) {
    if (std::any_of(view.extensions.begin(), one, [&](const auto& other) { return other.oid == one->oid; })) {
      violations.push_back(fmt::format("the extension {} is there more than once", one->oid));
    }
  }
}

void malformed(const RequestView& view, Violations& violations) {
  for (const ExtensionView& one : view.extensions) {
    if (!one.well_formed) {
      violations.push_back(fmt::format("the value of the extension {} is not DER of its type", one.oid));
    }
  }
}

void default_encoded(const RequestView& view, Violations& violations) {
  for (const ExtensionView& one : view.extensions) {
    if (one.default_encoded)
      violations.push_back(fmt::format("the extension {} says FALSE where that is meant", one.oid));
  }
}

void unknown_critical(const RequestView& view, Violations& violations) {
  for (const ExtensionView& one : view.extensions) {
    const bool judged = find(never_critical, one.oid) != nullptr || find(always_critical, one.oid) != nullptr ||
                        find(of_logs, one.oid) != nullptr;
    if (one.critical && !judged && find(processed, one.oid) == nullptr) {
      violations.push_back(fmt::format("the extension {} is critical, and few know it", one.oid));
    }
  }
}

void wrongly_critical(const RequestView& view, Violations& violations) {
  for (const ExtensionView& one : view.extensions) {
    const auto* known = find(never_critical, one.oid);
    if (one.critical && known != nullptr) violations.push_back(fmt::format("{} is critical", known->name));
  }
}

void wrongly_not_critical(const RequestView& view, Violations& violations) {
  for (const ExtensionView& one : view.extensions) {
    const auto* known = find(always_critical, one.oid);
    if (!one.critical && known != nullptr) violations.push_back(fmt::format("{} is not critical", known->name));
  }
}

void ca_only(const RequestView& view, Violations& violations) {
  for (const ExtensionView& one : view.extensions) {
    const auto* known = find(of_ca_only, one.oid);
    if (known != nullptr && !view.is_ca()) {
      violations.push_back(fmt::format("{} is requested without CA:TRUE", known->name));
    }
  }
}

void issuer_only(const RequestView& view, Violations& violations) {
  for (const ExtensionView& one : view.extensions) {
    const auto* known = find(of_issuer, one.oid);
    if (known != nullptr)
      violations.push_back(fmt::format("{} is requested, which only the issuer knows", known->name));
  }
}

void policies(const RequestView& view, Violations& violations) {
  if (view.extension(oids::certificate_policies) != nullptr) {
    violations.emplace_back("certificatePolicies is requested, which most CAs set themselves");
  }
}

void transparency(const RequestView& view, Violations& violations) {
  for (const ExtensionView& one : view.extensions) {
    const auto* known = find(of_logs, one.oid);
    if (known != nullptr) violations.push_back(fmt::format("{} is requested", known->name));
  }
}

void netscape(const RequestView& view, Violations& violations) {
  for (const ExtensionView& one : view.extensions) {
    if (one.oid.starts_with(oids::netscape))
      violations.push_back(fmt::format("the extension {} is Netscape's", one.oid));
  }
}

void basic_constraints_not_critical(const RequestView& view, Violations& violations) {
  const auto* extension = view.extension(oids::basic_constraints);
  if (view.is_ca() && !extension->critical) violations.emplace_back("basicConstraints with CA:TRUE is not critical");
}

void path_length_without_ca(const RequestView& view, Violations& violations) {
  if (view.basic_constraints && !view.basic_constraints->ca && view.basic_constraints->path_length) {
    violations.emplace_back("basicConstraints has a pathLenConstraint without CA:TRUE");
  }
}

void path_length_negative(const RequestView& view, Violations& violations) {
  const bool given = view.basic_constraints && view.basic_constraints->path_length;
  if (given && !crypto::unsigned_integer(*view.basic_constraints->path_length)) {
    violations.emplace_back("the pathLenConstraint is negative");
  }
}

constexpr auto shape = RuleSet::shape;

constexpr std::array<CheckedRule, 14> rules = {{
    {{"extension-repeated", shape, Severity::error, "RFC 5280, 4.2", "give each extension once"}, repeated},
    {{"extension-malformed", shape, Severity::error, "RFC 5280, 4.2", "give the value as DER of the extension's type"},
     malformed},
    {{"extension-default-encoded", shape, Severity::warning, "X.690, 11.5; RFC 5280, 4.1 and 4.2.1.9",
      "leave critical FALSE and cA FALSE out, which are the defaults"},
     default_encoded},
    {{"extension-critical-unknown", shape, Severity::warning, "RFC 5280, 4.2",
      "leave it uncritical, unless all that read the certificate know it"},
     unknown_critical},
    {{"extension-critical", shape, Severity::error, "RFC 5280, 4.2.1.1, 4.2.1.2, 4.2.1.15, 4.2.2.1 and 4.2.2.2",
      "leave it uncritical, as is required"},
     wrongly_critical},
    {{"extension-not-critical", shape, Severity::error, "RFC 5280, 4.2.1.10, 4.2.1.11 and 4.2.1.14",
      "mark it critical, as is required"},
     wrongly_not_critical},
    {{"extension-ca-only", shape, Severity::error, "RFC 5280, 4.2.1.5, 4.2.1.10, 4.2.1.11 and 4.2.1.14",
      "leave it out, or request a CA certificate with basicConstraints CA:TRUE"},
     ca_only},
    {{"extension-issuer-only", shape, Severity::warning, "RFC 5280, 4.2.1.1, 4.2.1.7, 4.2.1.13, 4.2.1.15 and 4.2.2.1",
      "leave it out; the issuer puts its own in"},
     issuer_only},
    {{"extension-policies", shape, Severity::notice, "RFC 5280, 4.2.1.4",
      "leave it out, unless your CA takes policies from requests"},
     policies},
    {{"extension-transparency", shape, Severity::error, "RFC 6962, 3.1 and 3.3",
      "leave it out; it comes from certificate logs when the certificate is made"},
     transparency},
    {{"extension-netscape", shape, Severity::notice, "RFC 5280, 4.2",
      "leave it out; keyUsage, extKeyUsage and basicConstraints took its place"},
     netscape},
    {{"basic-constraints-not-critical", shape, Severity::warning, "RFC 5280, 4.2.1.9",
      "mark basicConstraints critical"},
     basic_constraints_not_critical},
    {{"path-length-without-ca", shape, Severity::error, "RFC 5280, 4.2.1.9", "leave the path length out"},
     path_length_without_ca},
    {{"path-length-negative", shape, Severity::error, "RFC 5280, 4.2.1.9", "give 0 or more"}, path_length_negative},
}};

}  // namespace

std::span<const CheckedRule> extension_rules() { return rules; }

}  // namespace p11csr::x509
