#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "model/ascii.hpp"
#include "model/attribute_types.hpp"
#include "model/quote.hpp"
#include "model/subject_syntax.hpp"

namespace p11csr::model {

namespace {

class SlashReader {
 public:
  SlashReader(std::string_view text, std::string_view owner) : text_(text), owner_(owner) {}

  [[nodiscard]] std::vector<RelativeDistinguishedName> read() {
    std::vector<RelativeDistinguishedName> rdns;
    while (!at_end()) {
      separator_ = text_[position_];
      ++position_;
      if (separator_ == '/') rdns.emplace_back();
      rdns.back().push_back(read_attribute());
    }
    return rdns;
  }

 private:
  [[nodiscard]] bool at_end() const { return position_ == text_.size(); }
  [[nodiscard]] bool at_separator() const { return at_end() || text_[position_] == '/' || text_[position_] == '+'; }

  AttributeTypeAndValue read_attribute() {
    const auto start = position_;
    Oid type = read_type();
    std::string value;
    for (; !at_separator(); ++position_) value += text_[position_] == '\\' ? read_escape() : text_[position_];
    if (value.empty()) {
      throw Error(Errc::malformed_input,
                  fmt::format("{} in {} has no value", in_quotes(text_.substr(start, position_ - start)), owner_),
                  "give it a value or leave it out");
    }
    return {std::move(type), std::move(value)};
  }

  Oid read_type() {
    const auto end = text_.find_first_of("=/+", position_);
    const auto type = trimmed(text_.substr(position_, end == std::string_view::npos ? end : end - position_));
    const std::string hint = fmt::format("write '\\{}' where it is part of a value", separator_);
    if (type.empty()) {
      throw Error(Errc::malformed_input,
                  fmt::format("no TYPE=VALUE follows a '{}' in {} {}", separator_, owner_, in_quotes(text_)),
                  text_ == "/" ? "leave the subject empty ('') to request without one" : "remove it, or " + hint);
    }
    if (end == std::string_view::npos || text_[end] != '=') {
      throw Error(Errc::malformed_input,
                  fmt::format("{} behind a '{}' in {} is not TYPE=VALUE", in_quotes(type), separator_, owner_), hint);
    }
    position_ = end + 1;
    return parse_attribute_type(type, "use a short name such as CN or a dotted object identifier, or " + hint);
  }

  /// read_escape stops at the last character that it used.
  char read_escape() {
    const char next = position_ + 1 < text_.size() ? text_[position_ + 1] : '\0';
    // A letter or digit behind the backslash would be meant as an escape that this form does not have.
    const bool is_mark = next >= ' ' && next < '\x7f' && !is_alphanumeric(next);
    if (!is_mark) {
      throw Error(Errc::malformed_input,
                  fmt::format("{} {} holds a backslash that escapes nothing", owner_, in_quotes(text_)),
                  "write '\\\\' for a backslash, '\\/' for a slash, '\\+' for a plus sign");
    }
    ++position_;
    return next;
  }

  std::string_view text_;
  std::string_view owner_;
  std::size_t position_ = 0;
  char separator_ = '/';
};

}  // namespace

std::vector<RelativeDistinguishedName> parse_slash_form(std::string_view text, std::string_view owner) {
  return SlashReader(text, owner).read();
}

}  // namespace p11csr::model
