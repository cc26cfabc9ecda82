#include "cli/roff.hpp"

namespace p11csr::cli {
namespace {

constexpr std::string_view kIndent = "    ";

// take_line takes the first line off.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace

std::string roff_text(std::string_view text) {
  std::string result;
  if (!text.empty() && (text.front() == '.' || text.front() == '\'')) result = "\\&";
  constexpr std::string_view ellipsis = "…";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (text.substr(at).starts_with(ellipsis)) {
      // Not every device has it.
      result += "...";
      at += ellipsis.size() - 1;
      continue;
    }
    switch (c) {
      case '\\':
        result += "\\e";
        break;
      case '-':
        result += "\\-";
        break;
      case '\'':
        result += "\\(aq";
        break;
      case '`':
        result += "\\(ga";
        break;
      case '^':
        result += "\\(ha";
        break;
      case '~':
        result += "\\(ti";
        break;
      default:
        result += c;
    }
  }
  return result;
}

void add_verbatim(std::string& page, std::string_view lines) {
  page += ".PP\n.RS 4\n.nf\n";
  while (!lines.empty()) page += roff_text(take_line(lines)) + '\n';
  page += ".fi\n.RE\n";
}

void add_paragraphs(std::string& page, std::string_view text) {
  bool begins = true;
  std::string example;
  const auto end_example = [&] {
    if (!example.empty()) add_verbatim(page, example);
    example.clear();
  };
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.starts_with(kIndent)) {
      example.append(line.substr(kIndent.size())) += '\n';
      begins = true;
      continue;
    }
    end_example();
    if (line.empty()) {
      begins = true;
      continue;
    }
    if (begins) page += ".PP\n";
    begins = false;
    page += roff_text(line) + '\n';
  }
  end_example();
}

}  // namespace p11csr::cli
