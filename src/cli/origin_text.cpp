#include "cli/origin_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

std::string yes_or_no(const std::optional<bool>& flag) {
  if (!flag) return "cannot be read";
  return *flag ? "yes" : "no";
}

}  // namespace

std::string text_line(const std::string& name, const std::string& value) {
  return fmt::format("{:<20}{}\n", name, model::printable(value));
}

std::string origin_text(const KeyOrigin& origin, const OriginVerdict& verdict) {
  std::string text;
  text += text_line("sensitive", yes_or_no(origin.sensitive));
  text += text_line("always sensitive", yes_or_no(origin.always_sensitive));
  text += text_line("extractable", yes_or_no(origin.extractable));
  text += text_line("never extractable", yes_or_no(origin.never_extractable));
  text += text_line("private", yes_or_no(origin.private_object));
  text += text_line("made on the token", yes_or_no(origin.local));
  text += text_line("made by", origin.mechanism ? origin.mechanism_name() : "cannot be read");
  text += text_line("may sign", yes_or_no(origin.sign));
  text += text_line("bound to hardware", verdict.bound()
                                             ? "yes, as the token says"
                                             : fmt::format("not proven: {}", fmt::join(verdict.findings, ", ")));
  return text;
}

}  // namespace p11csr::cli
