#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/key_spec.hpp>
#include <p11csr/model/request_spec.hpp>
#include <p11csr/model/signature_algorithm.hpp>
#include <p11csr/x509/description.hpp>

#pragma GCC visibility push(default)
namespace p11csr::x509 {

/// Severity says how much a finding weighs: an `error` is what a CA is to refuse, a `warning` what it may refuse or
/// ignore, a `notice` worth knowing.
enum class Severity { error, warning, notice };

/// RuleSet is what rules belong to: `shape` (RFC 2986, 5280 and what goes with them) and `key` always apply, the others
/// are asked for.
enum class RuleSet { shape, key, cabf_tls, cabf_codesign, smime, smartcard_logon, piv };

/// severity_name is "error", "warning" or "notice".
[[nodiscard]] std::string_view severity_name(Severity severity);
/// rule_set_name is "rfc5280" (shape), "key", "cabf-tls", "cabf-codesign", "smime", "smartcard-logon" or "piv".
[[nodiscard]] std::string_view rule_set_name(RuleSet set);
/// parse_rule_set reads these names, any case, and "shape". Throws Error(usage) with the nearest one.
[[nodiscard]] RuleSet parse_rule_set(std::string_view name);

/// LintRule is one thing that is looked for. `id` is stable, `source` the section it comes from, `advice` what to
/// change.
struct LintRule {
  std::string_view id;
  RuleSet set;
  Severity severity;
  std::string_view source;
  std::string_view advice;
};

/// LintFinding is a rule that a request breaks; `what` says by which value, lower case, control characters escaped.
struct LintFinding {
  const LintRule* rule;
  std::string what;
};

/// finding_text is a line for people: severity, id, what was found, the section, and what to change.
[[nodiscard]] std::string finding_text(const LintFinding& finding);

/// LintOptions choose the rules.
struct LintOptions {
  std::vector<RuleSet> sets;         // besides shape and key
  std::vector<std::string> ignored;  // rule ids
};

/// applies tells whether a rule is looked for.
[[nodiscard]] bool applies(const LintRule& rule, const LintOptions& options);

/// count_of counts the findings of a severity.
[[nodiscard]] std::size_t count_of(Severity severity, const std::vector<LintFinding>& findings);

/// LintInput is a request as it is encoded, signed or not yet.
class LintInput {
 public:
  /// of_request takes a CertificationRequest, PEM or DER, and checks its signature.
  /// Throws Error(malformed_input) for what is none.
  [[nodiscard]] static LintInput of_request(ByteView request);
  /// of_info takes a DER CertificationRequestInfo that is to be signed.
  [[nodiscard]] static LintInput of_info(ByteView info, const std::optional<SignatureAlgorithm>& algorithm);
  /// of_checked_key is of_info where the key in it is a crypto::PublicKey's: its point is known to be on the curve.
  [[nodiscard]] static LintInput of_checked_key(ByteView info, const std::optional<SignatureAlgorithm>& algorithm);
  /// of_spec takes what will be encoded before the key exists; rules about its public value do not apply.
  /// Throws Error(malformed_input) for what cannot be encoded.
  [[nodiscard]] static LintInput of_spec(const RequestSpec& spec, const std::optional<KeySpec>& kind,
                                         const std::optional<SignatureAlgorithm>& algorithm);

  /// info is the DER CertificationRequestInfo (RFC 2986, 4.1).
  [[nodiscard]] const Bytes& info() const noexcept { return info_; }
  /// algorithm is the DER AlgorithmIdentifier of the signature; empty where it is not known.
  [[nodiscard]] const Bytes& algorithm() const noexcept { return algorithm_; }
  /// signature is what came of checking it; empty where nothing is signed yet.
  [[nodiscard]] const std::optional<SignatureVerdict>& signature() const noexcept { return signature_; }
  /// without_key tells that info holds a stand-in for the key; kind is then what the key will be, where that is known.
  [[nodiscard]] bool without_key() const noexcept { return without_key_; }
  /// key_checked tells that info came to of_checked_key.
  [[nodiscard]] bool key_checked() const noexcept { return key_checked_; }
  /// kind is the kind of the key that info has a stand-in for; absent too where info holds the key itself.
  [[nodiscard]] const std::optional<KeySpec>& kind() const noexcept { return kind_; }

 private:
  LintInput(Bytes info, Bytes algorithm) : info_(std::move(info)), algorithm_(std::move(algorithm)) {}
  Bytes info_;
  Bytes algorithm_;
  std::optional<SignatureVerdict> signature_;
  bool without_key_ = false;
  bool key_checked_ = false;
  std::optional<KeySpec> kind_;
};

/// lint_rules are all rules, by set; they live as long as the program.
[[nodiscard]] std::span<const LintRule> lint_rules();

/// check_lint_rule throws Error(usage), with the nearest one, for the id of no rule.
void check_lint_rule(std::string_view id);

/// lint gives what breaks the rules of the sets, in the order of lint_rules(). Throws Error(usage) for an ignored id
/// that there is not, with the nearest one; Error(malformed_input) where the structure of a CertificationRequestInfo
/// (RFC 2986, 4.1) is not there. What is wrong inside subject, attributes and key is a finding.
[[nodiscard]] std::vector<LintFinding> lint(const LintInput& input, const LintOptions& options);

}  // namespace p11csr::x509
#pragma GCC visibility pop
