#pragma once

#include <span>
#include <string>
#include <vector>

#include <p11csr/x509/lint.hpp>

#include "x509/lint/request_view.hpp"

namespace p11csr::x509 {

/// Violations are what breaks one rule, a line each.
using Violations = std::vector<std::string>;

/// CheckedRule is a rule and what looks for it.
struct CheckedRule {
  LintRule rule;
  void (*check)(const RequestView& view, Violations& violations);
};

// The rules by theme, in the order in which they are listed.
[[nodiscard]] std::span<const CheckedRule> request_rules();
[[nodiscard]] std::span<const CheckedRule> signature_rules();
[[nodiscard]] std::span<const CheckedRule> subject_rules();
[[nodiscard]] std::span<const CheckedRule> subject_encoding_rules();
[[nodiscard]] std::span<const CheckedRule> general_name_rules();
[[nodiscard]] std::span<const CheckedRule> dns_name_rules();
[[nodiscard]] std::span<const CheckedRule> extension_rules();
[[nodiscard]] std::span<const CheckedRule> usage_rules();
[[nodiscard]] std::span<const CheckedRule> rsa_key_rules();
[[nodiscard]] std::span<const CheckedRule> key_rules();
[[nodiscard]] std::span<const CheckedRule> cabf_tls_name_rules();
[[nodiscard]] std::span<const CheckedRule> cabf_tls_rules();
[[nodiscard]] std::span<const CheckedRule> cabf_codesign_rules();
[[nodiscard]] std::span<const CheckedRule> smime_rules();
[[nodiscard]] std::span<const CheckedRule> smartcard_logon_rules();
[[nodiscard]] std::span<const CheckedRule> piv_rules();

}  // namespace p11csr::x509
