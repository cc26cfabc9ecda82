#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <p11csr/x509/lint.hpp>

#include "unit/x509/lint/request_content.hpp"

namespace p11csr::test {

/// LintCase is a change to a sound request that breaks one rule, and a similar one that does not. Where another rule
/// says the same with a source of its own, it is ignored.
struct LintCase {
  std::string_view id;
  Change breaks;
  Change keeps;
  std::vector<std::string> ignored = {};
};

/// sound_request is a request that the set has nothing to say about.
[[nodiscard]] RequestContent sound_request(x509::RuleSet set);

[[nodiscard]] std::vector<LintCase> request_cases();
[[nodiscard]] std::vector<LintCase> subject_cases();
[[nodiscard]] std::vector<LintCase> name_cases();
[[nodiscard]] std::vector<LintCase> extension_cases();
[[nodiscard]] std::vector<LintCase> usage_cases();
[[nodiscard]] std::vector<LintCase> key_cases();
[[nodiscard]] std::vector<LintCase> cabf_tls_cases();
[[nodiscard]] std::vector<LintCase> cabf_codesign_cases();
[[nodiscard]] std::vector<LintCase> smime_cases();
[[nodiscard]] std::vector<LintCase> logon_cases();

}  // namespace p11csr::test
