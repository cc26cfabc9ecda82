#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace p11csr::profile {

/// Position in a file; both count from 1.
struct Position {
  unsigned line = 1;
  unsigned column = 1;
};

struct TomlNode;
struct TomlEntry;

struct TomlArray {
  std::vector<TomlNode> items;
};
/// TomlTable has its entries in the order of the file.
struct TomlTable {
  std::vector<TomlEntry> entries;
};
/// TomlOther is a value of a type that no file of ours holds: a float, a date.
struct TomlOther {};

struct TomlNode {
  Position position;
  std::string_view type;  // for people: "a string", "a table"
  std::variant<TomlOther, std::string, bool, TomlArray, TomlTable> value;
};
struct TomlEntry {
  std::string key;
  Position position;  // of the key
  TomlNode node;
};

/// parse_toml reads a whole TOML document. `file` is its name in messages.
/// Throws Error(malformed_input) whose message begins "FILE:LINE:COLUMN: ".
[[nodiscard]] TomlTable parse_toml(std::string_view text, std::string_view file);

}  // namespace p11csr::profile
