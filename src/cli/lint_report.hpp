#pragma once

#include <optional>
#include <string>
#include <vector>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/lint.hpp>

#include "cli/json.hpp"

namespace p11csr::cli {

/// rule_json is a rule by id, severity, rule set, source and advice.
[[nodiscard]] Json rule_json(const x509::LintRule& rule);

/// lint_json lists findings: the message, and the rule that it breaks.
[[nodiscard]] Json lint_json(const std::vector<x509::LintFinding>& findings);

/// lint_text has a line for people about each finding, behind `indent`; control characters are escaped.
[[nodiscard]] std::string lint_text(const std::vector<x509::LintFinding>& findings, const std::string& indent = "");

/// lint_objection is what `lint` ends with: not_allowed where an error is among the findings.
[[nodiscard]] std::optional<Error> lint_objection(const std::vector<x509::LintFinding>& findings);

}  // namespace p11csr::cli
