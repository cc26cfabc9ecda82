#include "workflow/request_checks.hpp"

#include <algorithm>
#include <fmt/format.h>

#include <p11csr/crypto/digest.hpp>
#include <p11csr/model/error.hpp>

namespace p11csr::workflow {

void check_new_key(const GenerateKey& wanted) {
  if (wanted.officer && !wanted.id)
    throw Error(Errc::usage, "where the security officer makes the keys, a key has a place: its ID is missing",
                "say which: --piv-slot 9c, or --id 02");
  if (wanted.replace && !wanted.id)
    throw Error(Errc::usage, "--replace-key does not say which key goes", "say which: --id HEX, or --piv-slot 9c");
  if (wanted.replace && wanted.if_exists == IfExists::reuse)
    throw Error(Errc::usage, "--replace-key and --if-exists reuse exclude each other",
                "leave away the one that you do not want");
}

void check_options(const RequestOptions& options) {
  x509::check_encodable(options.spec);
  if (const auto* wanted = std::get_if<GenerateKey>(&options.key)) check_new_key(*wanted);
  if (options.confirm && from_hex(*options.confirm, "--confirm").size() != 32)
    throw Error(Errc::malformed_input, "--confirm takes a SHA-256: 64 hexadecimal digits",
                "--dry-run --json prints it as csr.to_be_signed_sha256");
  if (options.confirm && std::holds_alternative<GenerateKey>(options.key))
    throw Error(Errc::usage, "--confirm needs an existing key: what a new key signs is not known before it is made",
                "generate first with p11csr key generate, then request with --key");
}

void require_confirmed(const RequestOptions& options, const crypto::PublicKey& key) {
  if (!options.confirm) return;
  const std::string actual = crypto::sha256_text(x509::certification_request_info(options.spec, key));
  if (to_hex(from_hex(*options.confirm, "--confirm")) == actual) return;
  throw Error(Errc::verification_failed, "what would be signed is not what was confirmed; nothing was signed",
              fmt::format("its SHA-256 is {}: look at it again with --dry-run", actual));
}

std::vector<x509::LintFinding> lint_before_key(const RequestOptions& options) {
  const auto* wanted = std::get_if<GenerateKey>(&options.key);
  if (wanted == nullptr) return lint(x509::LintInput::of_spec(options.spec, std::nullopt, std::nullopt), options.lint);
  if (options.allow_key) options.allow_key(wanted->kind);
  const auto algorithm = signature_algorithm(options, wanted->kind);
  return lint(x509::LintInput::of_spec(options.spec, wanted->kind, algorithm), options.lint);
}

std::vector<x509::LintFinding> lint_with_key(const RequestOptions& options, const crypto::PublicKey& key,
                                             ByteView certification_request_info) {
  if (options.allow_key) options.allow_key(key.kind());
  return lint(x509::LintInput::of_checked_key(certification_request_info, signature_algorithm(options, key.kind())),
              options.lint);
}

void require_no_error(const std::vector<x509::LintFinding>& findings, const Surroundings& surroundings) {
  const auto first = std::find_if(findings.begin(), findings.end(), [](const x509::LintFinding& finding) {
    return finding.rule->severity == x509::Severity::error;
  });
  if (first == findings.end()) return;
  if (surroundings.say)
    for (const x509::LintFinding& finding : findings) surroundings.say(x509::finding_text(finding));
  throw Error(Errc::not_allowed,
              fmt::format("the request breaks {} of the rules that apply to it, and nothing was signed",
                          x509::count_of(x509::Severity::error, findings)),
              fmt::format("{}; --ignore {} leaves the rule out", first->rule->advice, first->rule->id));
}

}  // namespace p11csr::workflow
