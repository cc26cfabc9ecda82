#include "cli/approval_text.hpp"

#include <fmt/format.h>

#include "cli/extension_report.hpp"
#include "cli/lint_report.hpp"
#include "cli/origin_text.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {

using model::printable;

std::string approval_text(const std::string& person, const workflow::ToBeSigned& content) {
  std::string text = "\n";
  if (!person.empty()) text += text_line("person", person);
  text += text_line("card", content.token.serial.empty()
                                ? content.token.label
                                : fmt::format("{} (serial {})", content.token.label, content.token.serial));
  const std::string subject = content.spec.subject().to_string();
  text += text_line("subject", subject.empty() ? "(empty)" : subject);
  text += extensions_text(x509::describe_extensions(content.spec));
  text += text_line("key", fmt::format("{}, SPKI SHA-256 {}", content.key, content.spki_sha256));
  text += text_line("signed SHA-256", content.sha256);
  return text + lint_text(content.lint, "");
}

}  // namespace p11csr::cli
