#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#pragma GCC visibility push(default)
namespace p11csr::profile {

/// FieldValues are what the fields of a profile stand for in one request.
class FieldValues {
 public:
  FieldValues() = default;
  /// parse reads the "NAME=VALUE" of each --set; a value may hold anything. Throws Error(usage) for text without '=',
  /// a name that no field can have, and a name that comes twice.
  [[nodiscard]] static FieldValues parse(const std::vector<std::string>& assignments);

  /// fill_in sets a field that --set does not: what the program knows itself, such as today's date.
  void fill_in(const std::string& name, std::string value);

  /// find is null where the field has no value.
  [[nodiscard]] const std::string* find(const std::string& name) const;
  /// has_all tells whether each of the fields has a value.
  [[nodiscard]] bool has_all(const std::vector<std::string>& names) const;
  /// names are the fields that --set fills.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::map<std::string, std::string> given_;
  std::map<std::string, std::string> filled_in_;
};

/// TextTemplate is text with fields, such as "{host}-{date}". "{{" and "}}" stand for the braces themselves.
class TextTemplate {
 public:
  /// parse throws Error(malformed_input) for a brace without its partner and for what is no field's name.
  [[nodiscard]] static TextTemplate parse(std::string_view text);

  /// fill puts the values in the fields' places. Throws Error(usage) for a field without a value.
  [[nodiscard]] std::string fill(const FieldValues& values) const;
  /// fill with `encode` writes each value as encode gives it.
  [[nodiscard]] std::string fill(const FieldValues& values,
                                 const std::function<std::string(std::string_view)>& encode) const;

  /// fields are the names in the order of their first appearance, each once.
  [[nodiscard]] std::vector<std::string> fields() const;
  /// is_literal tells that there is no field.
  [[nodiscard]] bool is_literal() const { return fields().empty(); }
  /// is_one_field tells whether there is nothing besides a single field.
  [[nodiscard]] bool is_one_field() const { return pieces_.size() == 1 && pieces_.front().is_field; }
  /// text is what was parsed.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  struct Piece {
    bool is_field;
    std::string text;
  };
  std::string text_;
  std::vector<Piece> pieces_;
};

}  // namespace p11csr::profile
#pragma GCC visibility pop
