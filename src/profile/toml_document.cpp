#include "profile/toml_document.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <toml++/toml.h>

#include <p11csr/model/error.hpp>

#include "model/quote.hpp"
#include "profile/toml_characters.hpp"

namespace p11csr::profile {

namespace {

// Each dot of a dotted key is a table in a table, and toml++ frees them by recursion.
constexpr std::ptrdiff_t most_dots = 1000;

Position position_of(const toml::source_region& source) {
  return {static_cast<unsigned>(std::max<toml::source_index>(source.begin.line, 1)),
          static_cast<unsigned>(std::max<toml::source_index>(source.begin.column, 1))};
}

std::string_view type_name(toml::node_type type) {
  switch (type) {
    case toml::node_type::none:
      return "nothing";
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a float";
    case toml::node_type::boolean:
      return "a boolean";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
      return "a date or time";
  }
  return "nothing";
}

TomlNode node_of(const toml::node& source);

TomlArray array_of(const toml::array& source) {
  TomlArray array;
  array.items.reserve(source.size());
  for (const toml::node& item : source) array.items.push_back(node_of(item));
  return array;
}

TomlTable table_of(const toml::table& source) {
  TomlTable table;
  table.entries.reserve(source.size());
  for (const auto& [key, node] : source) {
    table.entries.push_back({std::string(key.str()), position_of(key.source()), node_of(node)});
  }
  std::stable_sort(table.entries.begin(), table.entries.end(), [](const TomlEntry& a, const TomlEntry& b) {
    return std::pair(a.position.line, a.position.column) < std::pair(b.position.line, b.position.column);
  });
  return table;
}

TomlNode node_of(const toml::node& source) {
  TomlNode node{position_of(source.source()), type_name(source.type()), TomlOther{}};
  if (const auto* text = source.as_string()) node.value = text->get();
  if (const auto* boolean = source.as_boolean()) node.value = boolean->get();
  if (const auto* array = source.as_array()) node.value = array_of(*array);
  if (const auto* table = source.as_table()) node.value = table_of(*table);
  return node;
}

}  // namespace

TomlTable parse_toml(std::string_view text, std::string_view file) {
  if (std::count(text.begin(), text.end(), '.') > most_dots) {
    throw Error(Errc::malformed_input, fmt::format("{} holds more than {} dots", model::in_quotes(file), most_dots),
                "shorten it");
  }
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  check_characters(text, file);
  try {
    return table_of(toml::parse(text, file));
  } catch (const toml::parse_error& error) {
    const Position at = position_of(error.source());
    throw Error(
        Errc::malformed_input,
        fmt::format("{}:{}:{}: {}", model::printable(file), at.line, at.column, model::printable(error.description())),
        "see https://toml.io for how TOML is written");
  }
}

}  // namespace p11csr::profile
