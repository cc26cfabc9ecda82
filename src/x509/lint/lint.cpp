#include <algorithm>
#include <array>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/lint.hpp>

#include "model/nearest.hpp"
#include "model/quote.hpp"
#include "x509/lint/rule.hpp"

namespace p11csr::x509 {
namespace {

/// The rules as they are handed out, and their checks at the same places.
struct Catalogue {
  std::vector<LintRule> rules;
  std::vector<decltype(CheckedRule::check)> checks;
};

Catalogue collect() {
  const std::array groups = {
      request_rules(),       signature_rules(), subject_rules(),         subject_encoding_rules(),
      general_name_rules(),  dns_name_rules(),  extension_rules(),       usage_rules(),
      rsa_key_rules(),       key_rules(),       cabf_tls_rules(),        cabf_tls_name_rules(),
      cabf_codesign_rules(), smime_rules(),     smartcard_logon_rules(), piv_rules(),
  };
  Catalogue result;
  for (const auto& group : groups) {
    for (const CheckedRule& one : group) {
      result.rules.push_back(one.rule);
      result.checks.push_back(one.check);
    }
  }
  return result;
}

const Catalogue& catalogue() {
  static const Catalogue instance = collect();
  return instance;
}

}  // namespace

std::span<const LintRule> lint_rules() { return catalogue().rules; }

void check_lint_rule(std::string_view id) {
  std::vector<std::string_view> known(lint_rules().size());
  std::transform(lint_rules().begin(), lint_rules().end(), known.begin(), [](const LintRule& rule) { return rule.id; });
  if (std::find(known.begin(), known.end(), id) != known.end()) return;
  throw Error(Errc::usage, fmt::format("there is no lint rule {}", model::in_quotes(id)),
              model::did_you_mean(id, known, "p11csr lint --list shows the ids"));
}

bool applies(const LintRule& rule, const LintOptions& options) {
  const bool chosen = rule.set == RuleSet::shape || rule.set == RuleSet::key ||
                      std::find(options.sets.begin(), options.sets.end(), rule.set) != options.sets.end();
  return chosen && std::find(options.ignored.begin(), options.ignored.end(), rule.id) == options.ignored.end();
}

std::size_t count_of(Severity severity, const std::vector<LintFinding>& findings) {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [severity](const LintFinding& finding) { return finding.rule->severity == severity; }));
}

std::vector<LintFinding> lint(const LintInput& input, const LintOptions& options) {
  for (const std::string& id : options.ignored) check_lint_rule(id);
  const RequestView view(input);
  std::vector<LintFinding> findings;
  Violations violations;
  const auto& [rules, checks] = catalogue();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const LintRule& rule = rules[i];
    if (!applies(rule, options)) continue;
    checks[i](view, violations);
    for (std::string& what : violations) findings.push_back({&rule, std::move(what)});
    violations.clear();
  }
  return findings;
}

}  // namespace p11csr::x509
