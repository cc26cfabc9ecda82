#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/lint.hpp>

#include "model/quote.hpp"

using p11csr::x509::RuleSet;

// Any octets are judged by every rule or refused as malformed; what is said of them cannot drive a terminal.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const p11csr::x509::LintOptions every_rule{
      {RuleSet::cabf_tls, RuleSet::cabf_codesign, RuleSet::smime, RuleSet::smartcard_logon, RuleSet::piv}, {}};
  try {
    const auto findings = p11csr::x509::lint(p11csr::x509::LintInput::of_request({data, size}), every_rule);
    const bool shown_as_they_are = std::all_of(findings.begin(), findings.end(), [](const auto& finding) {
      return p11csr::model::printable(finding.what) == finding.what;
    });
    if (!shown_as_they_are) std::abort();
  } catch (const p11csr::Error& error) {
    if (error.code() != p11csr::Errc::malformed_input) std::abort();
  }
  return 0;
}
