#pragma once

#include <nlohmann/json.hpp>
#include <string>

// Compiled once, in json.cpp: it is slow.
extern template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace p11csr::cli {

/// Json keeps its keys in the order in which they were set, as docs/CLI.md shows them.
using Json = nlohmann::ordered_json;

enum class JsonShape { one_line, indented };

/// to_text writes JSON with a final newline; octets that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string to_text(const Json& json, JsonShape shape = JsonShape::indented);

}  // namespace p11csr::cli
