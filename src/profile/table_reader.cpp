#include "profile/table_reader.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "model/ascii.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"

namespace p11csr::profile {

TableReader::TableReader(const TomlTable& table, std::string file, std::string prefix,
                         const std::vector<std::string_view>& known)
    : table_(&table), file_(std::move(file)), prefix_(std::move(prefix)) {
  for (const TomlEntry& entry : table.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    throw wrong(entry.position, fmt::format("unknown key {}", model::in_quotes(prefix_ + entry.key)),
                model::did_you_mean(entry.key, known, "the keys are " + model::join(known, ", ")));
  }
}

const TomlEntry* TableReader::find(std::string_view key) const {
  const auto found = std::find_if(table_->entries.begin(), table_->entries.end(),
                                  [key](const TomlEntry& entry) { return entry.key == key; });
  return found == table_->entries.end() ? nullptr : &*found;
}

Error TableReader::wrong(Position position, std::string_view what, std::string hint) const {
  return Error(Errc::malformed_input,
               fmt::format("{}:{}:{}: {}", model::printable(file_), position.line, position.column, what),
               std::move(hint));
}

Error TableReader::wrong_type(const TomlNode& node, std::string_view key, std::string_view expected) const {
  return wrong(node.position, fmt::format("{}{}: {} stands where {} belongs", prefix_, key, node.type, expected),
               fmt::format("write it as {}", expected));
}

const std::string& TableReader::text_of(const TomlNode& node, std::string_view key) const {
  const auto* text = std::get_if<std::string>(&node.value);
  if (text == nullptr) throw wrong_type(node, key, "a string");
  return *text;
}

std::vector<const TomlNode*> TableReader::items_of(const TomlNode& node, std::string_view key) const {
  if (std::holds_alternative<std::string>(node.value)) return {&node};
  const auto* array = std::get_if<TomlArray>(&node.value);
  if (array == nullptr) throw wrong_type(node, key, "an array of strings");
  std::vector<const TomlNode*> items;
  items.reserve(array->items.size());
  for (const TomlNode& item : array->items) items.push_back(&item);
  return items;
}

std::optional<Sourced<std::string>> TableReader::text(std::string_view key) const {
  return parsed(key, [](std::string_view text) {
    if (text.empty()) throw Error(Errc::malformed_input, "the text is empty", "write something, or remove the key");
    return std::string(text);
  });
}

std::string TableReader::some_text(std::string_view text) {
  if (text.empty()) throw Error(Errc::malformed_input, "the text is empty", "write something, or remove it");
  return std::string(text);
}

std::optional<Sourced<std::vector<std::string>>> TableReader::texts(std::string_view key) const {
  return each(key, some_text);
}

TableReader TableReader::table(std::string_view key, const std::vector<std::string_view>& known) const {
  static const TomlTable empty;
  const TomlEntry* entry = find(key);
  const TomlTable* inner = &empty;
  if (entry != nullptr) {
    inner = std::get_if<TomlTable>(&entry->node.value);
    if (inner == nullptr) throw wrong_type(entry->node, key, "a table");
  }
  return {*inner, file_, fmt::format("{}{}.", prefix_, key), known};
}

void TableReader::refuse(std::string_view key, std::string_view why, std::string hint) const {
  if (const TomlEntry* entry = find(key)) {
    throw wrong(entry->position, fmt::format("{}{} {}", prefix_, key, why), std::move(hint));
  }
}

}  // namespace p11csr::profile
