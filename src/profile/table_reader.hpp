#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <p11csr/model/error.hpp>
#include <p11csr/profile/origin.hpp>

#include "profile/toml_document.hpp"

namespace p11csr::profile {

/// TableReader reads the keys of one table of a file and says for each where it stands.
/// All its errors are Error(malformed_input) that name file, line, column and key.
class TableReader {
 public:
  /// Reads keys of `table` only, which must outlive it; `prefix` is what messages put before a key: "key.".
  /// Throws for a key that is not in `known`; the hint is the nearest of these.
  TableReader(const TomlTable& table, std::string file, std::string prefix, const std::vector<std::string_view>& known);

  /// text, texts and flag read the value of a key, empty where there is none. texts takes a string or an array of
  /// strings.
  [[nodiscard]] std::optional<Sourced<std::string>> text(std::string_view key) const;
  [[nodiscard]] std::optional<Sourced<std::vector<std::string>>> texts(std::string_view key) const;

  /// some_text is what texts makes of each string. Throws Error(malformed_input) for one that is empty.
  [[nodiscard]] static std::string some_text(std::string_view text);

  /// parsed gives what `parse` makes of a string.
  template <typename Parse>
  [[nodiscard]] auto parsed(std::string_view key, Parse parse) const {
    using Value = decltype(parse(std::string_view{}));
    std::optional<Sourced<Value>> result;
    if (const TomlEntry* entry = find(key)) {
      const std::string_view text = text_of(entry->node, key);
      result.emplace(Sourced<Value>{at(entry->node, key, [&] { return parse(text); }), origin(*entry)});
    }
    return result;
  }

  /// each gives what `parse` makes of every string of an array; a string alone counts as an array of one.
  template <typename Parse>
  [[nodiscard]] auto each(std::string_view key, Parse parse) const {
    using Value = decltype(parse(std::string_view{}));
    std::optional<Sourced<std::vector<Value>>> result;
    if (const TomlEntry* entry = find(key)) {
      std::vector<Value> values;
      for (const TomlNode* item : items_of(entry->node, key)) {
        const std::string_view text = text_of(*item, key);
        values.push_back(at(*item, key, [&] { return parse(text); }));
      }
      result.emplace(Sourced<std::vector<Value>>{std::move(values), origin(*entry)});
    }
    return result;
  }

  /// about runs `parse` over what a key holds as a whole; its Error then says where the key is.
  template <typename Parse>
  [[nodiscard]] auto about(std::string_view key, Parse parse) const {
    return at(find(key)->node, key, parse);
  }

  /// table is a table of this one, as a reader of its own; an absent one reads as empty.
  [[nodiscard]] TableReader table(std::string_view key, const std::vector<std::string_view>& known) const;

  /// refuse throws for a key that is there.
  void refuse(std::string_view key, std::string_view why, std::string hint) const;
  [[nodiscard]] const std::string& file() const noexcept { return file_; }

 private:
  [[nodiscard]] const TomlEntry* find(std::string_view key) const;
  [[nodiscard]] Origin origin(const TomlEntry& entry) const { return Origin::file(file_, entry.position.line); }
  [[nodiscard]] Error wrong(Position position, std::string_view what, std::string hint) const;
  [[nodiscard]] Error wrong_type(const TomlNode& node, std::string_view key, std::string_view expected) const;
  [[nodiscard]] const std::string& text_of(const TomlNode& node, std::string_view key) const;
  [[nodiscard]] std::vector<const TomlNode*> items_of(const TomlNode& node, std::string_view key) const;

  /// at says of an error where in the file it happened.
  template <typename Parse>
  auto at(const TomlNode& node, std::string_view key, Parse parse) const {
    try {
      return parse();
    } catch (const Error& error) {
      throw wrong(node.position, prefix_ + std::string(key) + ": " + error.what(), error.hint());
    }
  }

  const TomlTable* table_;
  std::string file_;
  std::string prefix_;
};

}  // namespace p11csr::profile
