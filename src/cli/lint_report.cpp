#include "cli/lint_report.hpp"

#include <fmt/format.h>

#include "model/quote.hpp"

namespace p11csr::cli {

Json rule_json(const x509::LintRule& rule) {
  return {{"id", rule.id},
          {"severity", x509::severity_name(rule.severity)},
          {"rules", x509::rule_set_name(rule.set)},
          {"source", rule.source},
          {"advice", rule.advice}};
}

Json lint_json(const std::vector<x509::LintFinding>& findings) {
  Json list = Json::array();
  for (const x509::LintFinding& finding : findings) {
    Json json = rule_json(*finding.rule);
    json["message"] = finding.what;
    list.push_back(std::move(json));
  }
  return list;
}

std::string lint_text(const std::vector<x509::LintFinding>& findings, const std::string& indent) {
  std::string text;
  for (const x509::LintFinding& finding : findings)
    text += fmt::format("{}{}\n", indent, model::printable(x509::finding_text(finding)));
  return text;
}

std::optional<Error> lint_objection(const std::vector<x509::LintFinding>& findings) {
  const auto errors = x509::count_of(x509::Severity::error, findings);
  if (errors == 0) return std::nullopt;
  return Error(Errc::not_allowed, fmt::format("the request breaks {} of the rules that apply to it", errors),
               "each error says what to change; --ignore ID leaves a rule out that does not fit the CA");
}

}  // namespace p11csr::cli
