#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>

#include <p11csr/x509/lint.hpp>

namespace p11csr::x509 {
namespace {

std::string page() {
  std::ifstream file(P11CSR_SOURCE_DIR "/docs/lint.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(LintPageTest, HasEveryRuleAsItIs) {
  const std::string text = page();
  for (const LintRule& rule : lint_rules()) {
    const std::string row =
        fmt::format("| `{}` | {} | {} | {} |\n", rule.id, severity_name(rule.severity), rule.source, rule.advice);
    EXPECT_NE(text.find(row), std::string::npos) << row;
  }
}
TEST(LintPageTest, HasNoOtherRule) {
  const std::string text = page();
  std::size_t rows = 0;
  for (std::size_t at = 0; (at = text.find("\n| `", at)) != std::string::npos; ++at) ++rows;
  EXPECT_EQ(rows, lint_rules().size());
}

}  // namespace
}  // namespace p11csr::x509
