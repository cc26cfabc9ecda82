#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/lint.hpp>

#include "model/ascii.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"

namespace p11csr::x509 {
namespace {

constexpr std::array<std::pair<std::string_view, RuleSet>, 8> names = {{
    {"rfc5280", RuleSet::shape},
    {"key", RuleSet::key},
    {"cabf-tls", RuleSet::cabf_tls},
    {"cabf-codesign", RuleSet::cabf_codesign},
    {"smime", RuleSet::smime},
    {"smartcard-logon", RuleSet::smartcard_logon},
    {"piv", RuleSet::piv},
    {"shape", RuleSet::shape},
}};

}  // namespace

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::notice:
      return "notice";
  }
  throw Error(Errc::unexpected, "a severity without a name");
}

std::string_view rule_set_name(RuleSet set) {
  return std::find_if(names.begin(), names.end(), [set](const auto& one) { return one.second == set; })->first;
}

RuleSet parse_rule_set(std::string_view name) {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [name](const auto& one) { return model::equal_ignoring_case(one.first, name); });
  if (found != names.end()) return found->second;
  std::vector<std::string_view> known(names.size());
  std::transform(names.begin(), names.end(), known.begin(), [](const auto& one) { return one.first; });
  known.pop_back();
  throw Error(Errc::usage, fmt::format("there is no rule set {}", model::in_quotes(name)),
              model::did_you_mean(name, known, fmt::format("the rule sets are {}", model::join(known, ", "))));
}

std::string finding_text(const LintFinding& finding) {
  return fmt::format("{} {}: {} ({}): {}", severity_name(finding.rule->severity), finding.rule->id, finding.what,
                     finding.rule->source, finding.rule->advice);
}

}  // namespace p11csr::x509
