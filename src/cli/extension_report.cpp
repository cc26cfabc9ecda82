#include "cli/extension_report.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "cli/origin_text.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {

std::string indented(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    result += fmt::format("  {}\n", model::printable(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

std::string extensions_text(const std::vector<x509::ExtensionDescription>& extensions) {
  std::string text;
  for (const auto& extension : extensions) {
    const std::string name =
        extension.name == extension.oid ? extension.oid : fmt::format("{} ({})", extension.name, extension.oid);
    text += text_line("extension", extension.critical ? name + ", critical" : name) + indented(extension.text);
  }
  return text;
}

Json extensions_json(const std::vector<x509::ExtensionDescription>& extensions) {
  Json list = Json::array();
  for (const auto& extension : extensions)
    list.push_back(Json{{"oid", extension.oid},
                        {"name", extension.name},
                        {"critical", extension.critical},
                        {"text", extension.text},
                        {"value", to_hex(extension.value)}});
  return list;
}

}  // namespace p11csr::cli
