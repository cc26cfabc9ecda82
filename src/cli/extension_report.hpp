#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <p11csr/x509/description.hpp>

#include "cli/json.hpp"

namespace p11csr::cli {

/// indented puts each line of the text two columns in, so that no line of it passes for one of the report's own.
[[nodiscard]] std::string indented(std::string_view text);

/// extensions_text and extensions_json show extensions with their values, for people and for scripts.
[[nodiscard]] std::string extensions_text(const std::vector<x509::ExtensionDescription>& extensions);
[[nodiscard]] Json extensions_json(const std::vector<x509::ExtensionDescription>& extensions);

}  // namespace p11csr::cli
