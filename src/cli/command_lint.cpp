#include "cli/command_lint.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/lint.hpp>

#include "cli/document_input.hpp"
#include "cli/lint_report.hpp"
#include "cli/table.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

/// LintFlags are the flags of `p11csr lint` as they were typed.
struct LintFlags {
  std::string file;
  std::vector<std::string> rules;
  std::vector<std::string> ignored;
  bool list = false;
  bool json = false;
};

// Without --rules all of them are shown: the list is for choosing.
int show_rules(const LintFlags& flags, const x509::LintOptions& options, Streams& streams) {
  Json rules = Json::array();
  Table table({"ID", "SEVERITY", "RULES", "SOURCE", "ADVICE"});
  for (const x509::LintRule& rule : x509::lint_rules()) {
    if (!flags.rules.empty() && !x509::applies(rule, options)) continue;
    rules.push_back(rule_json(rule));
    table.add({std::string(rule.id), std::string(x509::severity_name(rule.severity)),
               std::string(x509::rule_set_name(rule.set)), std::string(rule.source), std::string(rule.advice)});
  }
  streams.out << (flags.json ? to_text(Json{{"rules", std::move(rules)}}) : table.text());
  return 0;
}

std::string summary(const std::vector<x509::LintFinding>& findings, std::size_t rules) {
  using x509::count_of;
  return fmt::format("{} rules; errors: {}, warnings: {}, notices: {}\n", rules,
                     count_of(x509::Severity::error, findings), count_of(x509::Severity::warning, findings),
                     count_of(x509::Severity::notice, findings));
}

int judge(const LintFlags& flags, const x509::LintOptions& options, Streams& streams) {
  if (flags.file.empty())
    throw Error(Errc::usage, "the file is missing", "p11csr lint web-01.csr, or - for standard input");
  const Bytes input = read_document(flags.file, streams.in, longest_input);
  const auto findings = x509::lint(x509::LintInput::of_request(input), options);
  const auto all = x509::lint_rules();
  const auto rules = static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&options](const auto& rule) { return x509::applies(rule, options); }));
  if (flags.json) {
    streams.out << to_text(Json{{"rules", rules}, {"lint", lint_json(findings)}});
  } else {
    streams.out << lint_text(findings);
    streams.err << "p11csr: " << summary(findings, rules);
  }
  static_cast<void>(flush_data(streams));
  if (const auto error = lint_objection(findings)) throw Error(*error);
  return 0;
}

int run(const LintFlags& flags, Streams& streams) {
  x509::LintOptions options;
  for (const std::string& name : flags.rules) options.sets.push_back(x509::parse_rule_set(name));
  for (const std::string& id : flags.ignored) x509::check_lint_rule(id);
  options.ignored = flags.ignored;
  if (!flags.list) return judge(flags, options, streams);
  if (!flags.file.empty()) throw Error(Errc::usage, "--list shows rules and takes no file", "p11csr lint --list");
  return show_rules(flags, options, streams);
}

std::function<int(Streams&)> declare(Options& options) {
  const auto flags = std::make_shared<LintFlags>();
  options.operand("[FILE]", "", flags->file, "a request, PEM or DER; - for standard input");
  options.list("--rules", flags->rules, "SET",
               "besides rfc5280 and key: cabf-tls, cabf-codesign, smime, smartcard-logon, piv (repeatable)");
  options.list("--ignore", flags->ignored, "ID", "leave a rule out (repeatable)");
  options.flag("--list", flags->list, "list the rules instead");
  options.flag("--json", flags->json, "write JSON");
  return [flags](Streams& streams) { return run(*flags, streams); };
}

}  // namespace

Command lint_command() {
  return {"lint",
          "judge a request by the rules of RFC 5280 and of CAs; errors are exit code 6",
          {"p11csr lint web-01.csr", "p11csr lint web-01.csr --rules cabf-tls --ignore cabf-tls-common-name-repeated",
           "openssl req -in web-01.csr -outform DER | p11csr lint - --rules smime --json",
           "p11csr lint --list --rules piv"},
          declare,
          {}};
}

}  // namespace p11csr::cli
