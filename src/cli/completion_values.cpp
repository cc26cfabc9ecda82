#include "cli/completion_values.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include <p11csr/model/key_spec.hpp>
#include <p11csr/x509/lint.hpp>

#include "cli/site.hpp"
#include "cli/token_candidates.hpp"

namespace p11csr::cli {
namespace {

using Candidates = std::vector<Candidate>;

Candidates key_specs(const std::string& end) {
  Candidates specs{{"rsa:2048" + end, ""}, {"rsa:3072" + end, ""}, {"rsa:4096" + end, ""}};
  for (const NamedCurveFacts& curve : named_curves()) specs.push_back({"ec:" + std::string(curve.name) + end, ""});
  specs.push_back({"ed25519" + end, ""});
  specs.push_back({"ed448" + end, ""});
  for (const MlDsaFacts& set : ml_dsa_sets()) specs.push_back({to_string(MlDsaKey{set.set}) + end, ""});
  return specs;
}

Candidates profiles() {
  Candidates found;
  for (const auto& profile : profile_library().list())
    found.push_back({profile.name, profile.problem.empty() ? profile.description : profile.problem});
  return found;
}

Candidates rule_sets() {
  Candidates found;
  std::set<std::string_view> seen;
  for (const x509::LintRule& rule : x509::lint_rules())
    if (const auto name = x509::rule_set_name(rule.set); seen.insert(name).second)
      found.push_back({std::string(name), ""});
  return found;
}

Candidates rules() {
  Candidates found;
  for (const x509::LintRule& rule : x509::lint_rules())
    found.push_back({std::string(rule.id), std::string(rule.source)});
  return found;
}

Candidates words(std::initializer_list<const char*> texts) {
  Candidates found;
  for (const char* text : texts) found.push_back({text, ""});
  return found;
}

// "pem|der" names its values; "NAME|FILE" says of what kind they are.
bool lists_values(const std::string& type) {
  return type.find('|') != std::string::npos &&
         std::none_of(type.begin(), type.end(), [](unsigned char c) { return std::isupper(c) != 0; });
}

Candidates listed(const std::string& type) {
  Candidates found;
  for (std::size_t start = 0; start <= type.size();) {
    const auto end = std::min(type.find('|', start), type.size());
    found.push_back({type.substr(start, end - start), ""});
    start = end + 1;
  }
  return found;
}

Candidates pin_sources() {
  return {{"prompt", "asked for on the terminal"},
          {"env:", "a variable's name"},
          {"file:", "a file's path"},
          {"fd:", "a descriptor's number"},
          {"command:", "what a command prints"},
          {"credential:", "a systemd credential's name"}};
}

Candidates candidates_of(const OptionText& option, const std::string& type, const std::string& typed,
                         const TokenOptions& token) {
  if (type == "LABEL|URI") return token_candidates(token, typed);
  if (type == "KEY") return key_candidates(token, typed);
  if (type == "NAME|FILE") return profiles();
  if (type == "SPEC") return key_specs("");
  if (type == "SPEC:LABEL") return key_specs(":");
  if (type == "SOURCE") return pin_sources();
  if (type == "SHELL") return words({"bash", "zsh", "fish"});
  if (type == "KIND:VALUE") return words({"dns:", "ip:", "email:", "uri:", "upn:", "dirname:", "rid:", "othername:"});
  if (option.names == "--digest") return words({"sha256", "sha384", "sha512"});
  if (option.names == "--padding") return words({"pkcs1", "pss"});
  if (option.names == "--rules") return rule_sets();
  if (option.names == "--ignore") return rules();
  return lists_values(type) ? listed(type) : Candidates{};
}

}  // namespace

Completion values_of(const OptionText& option, const std::string& typed, const TokenOptions& token) {
  const std::string type = option.operand ? bare_operand(option.names) : option.value;
  Completion completion{candidates_of(option, type, typed, token), Paths::none, ""};
  static const std::set<std::string_view> files{"FILE",   "FILE[:SECTION]", "PATH",   "NAME|FILE",
                                                "LEDGER", "MANIFEST",       "JOURNAL"};
  if (files.count(type) != 0) completion.paths = Paths::files;
  if (type == "DIR") completion.paths = Paths::folders;
  if (type == "SOURCE" && typed.rfind("file:", 0) == 0) {
    completion.paths = Paths::files;
    completion.before_path = "file:";
  }
  return completion;
}

}  // namespace p11csr::cli
