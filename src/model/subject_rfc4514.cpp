#include <algorithm>
#include <fmt/format.h>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/error.hpp>

#include "model/ascii.hpp"
#include "model/attribute_types.hpp"
#include "model/quote.hpp"
#include "model/subject_syntax.hpp"
#include "model/utf8.hpp"

namespace p11csr::model {

namespace {

constexpr std::string_view always_escaped = "\"+,;<>\\";
constexpr std::string_view may_be_escaped = " \"#+,;<=>\\";

// RFC 4514, 2.4: "the number sign character followed by the hexadecimal encoding of the BER encoding". A Subject holds
// text and picks its own string type, so only a value of the type that it picks is read.
AttributeTypeAndValue attribute_of_der(Oid type, const Bytes& der, std::string_view piece) {
  const auto refused = [piece](std::string_view why) {
    return Error(Errc::malformed_input, fmt::format("the hexadecimal value in {} {}", in_quotes(piece), why),
                 "write the text itself, with '\\#' where it begins with a number sign");
  };
  constexpr std::uint8_t utf8_string = 0x0c;
  constexpr std::uint8_t printable_string = 0x13;
  constexpr std::uint8_t ia5_string = 0x16;
  const ByteView view(der);
  if (view.size() < 2) throw refused("is no DER");
  std::size_t header = 2;
  std::size_t length = view[1];
  if (length > 0x82 || length == 0x80) throw refused("has a length that is not DER or too long");
  if (length > 0x80) {
    const std::size_t octets = length & 0x7fU;
    header += octets;
    if (view.size() < header) throw refused("is cut");
    length = octets == 1 ? view[2] : static_cast<std::size_t>(view[2] << 8 | view[3]);
    if (length < (octets == 1 ? 0x80U : 0x100U)) throw refused("has a length that is not DER");
  }
  if (view.size() - header != length) throw refused("does not end where its DER length says");
  const auto text = as_text(view.subspan(header));
  const bool fits = (view[0] == utf8_string && count_code_points(text)) ||
                    (view[0] == printable_string && is_printable_string(text)) ||
                    (view[0] == ia5_string && is_ascii(text));
  if (!fits) throw refused("is no UTF8String, PrintableString or IA5String");
  AttributeTypeAndValue attribute{std::move(type), std::string(text)};
  const auto tag = [](StringType chosen) {
    switch (chosen) {
      case StringType::printable:
        return printable_string;
      case StringType::utf8:
        return utf8_string;
      case StringType::ia5:
        return ia5_string;
    }
    return utf8_string;
  };
  if (tag(string_type(attribute)) != view[0])
    throw refused("is not of the string type that such a value is written as");
  return attribute;
}

class Rfc4514Reader {
 public:
  Rfc4514Reader(std::string_view text, std::string_view owner) : text_(text), owner_(owner) {}

  [[nodiscard]] std::vector<RelativeDistinguishedName> read() {
    std::vector<RelativeDistinguishedName> rdns(1);
    while (true) {
      rdns.back().push_back(read_attribute());
      if (at_end()) break;
      const bool next_rdn = text_[position_] == ',';
      ++position_;
      if (next_rdn) rdns.emplace_back();
    }
    std::reverse(rdns.begin(), rdns.end());
    return rdns;
  }

 private:
  [[nodiscard]] bool at_end() const { return position_ == text_.size(); }
  [[nodiscard]] bool at_separator() const { return at_end() || text_[position_] == ',' || text_[position_] == '+'; }
  void skip_spaces() {
    while (!at_end() && text_[position_] == ' ') ++position_;
  }

  /// piece is the attribute being read, up to and with the next `more` characters.
  [[nodiscard]] std::string_view piece(std::size_t more = 0) const {
    return trimmed(text_.substr(start_, position_ - start_ + more));
  }

  AttributeTypeAndValue read_attribute() {
    start_ = position_;
    Oid type = read_type();
    skip_spaces();
    if (at_separator()) {
      throw Error(Errc::malformed_input, fmt::format("{} in {} has no value", in_quotes(piece()), owner_),
                  "give it a value or leave it out");
    }
    if (text_[position_] == '#') return read_hex_value(std::move(type));
    return {std::move(type), read_value()};
  }

  Oid read_type() {
    const auto end = text_.find_first_of("=,+;", position_);
    const auto type = trimmed(text_.substr(position_, end == std::string_view::npos ? end : end - position_));
    const bool found = end != std::string_view::npos && text_[end] == '=';
    if (!found || type.empty()) throw no_type(type, found);
    position_ = end + 1;
    return parse_attribute_type(type, "use a short name such as CN or a dotted object identifier");
  }

  [[nodiscard]] Error no_type(std::string_view type, bool has_equals_sign) const {
    if (start_ == 0) {
      return Error(Errc::malformed_input, fmt::format("{} {} does not begin with TYPE=VALUE", owner_, in_quotes(text_)),
                   "write it like CN=web-01,O=Example,C=DE");
    }
    const char separator = text_[start_ - 1];
    const std::string hint = fmt::format("write '\\{}' where it is part of a value", separator);
    if (type.empty() && !has_equals_sign) {
      return Error(Errc::malformed_input,
                   fmt::format("nothing follows a '{}' in {} {}", separator, owner_, in_quotes(text_)),
                   "remove it, or " + hint);
    }
    return Error(Errc::malformed_input,
                 fmt::format("{} behind a '{}' in {} is not TYPE=VALUE", in_quotes(type), separator, owner_), hint);
  }

  std::string read_value() {
    std::string value;
    std::size_t kept = 0;  // unescaped spaces at the end do not belong to the value
    for (; !at_separator(); ++position_) {
      const char c = text_[position_];
      if (c == '\\') {
        value += read_escape();
        kept = value.size();
        continue;
      }
      if (always_escaped.find(c) != std::string_view::npos) throw unescaped(c);
      value += c;
      if (c != ' ') kept = value.size();
    }
    value.resize(kept);
    return value;
  }

  /// read_escape stops at the last character that it used.
  char read_escape() {
    const auto rest = text_.substr(position_ + 1);
    if (!rest.empty() && may_be_escaped.find(rest.front()) != std::string_view::npos) {
      ++position_;
      return rest.front();
    }
    const auto high = rest.empty() ? std::nullopt : hex_digit(rest[0]);
    const auto low = rest.size() < 2 ? std::nullopt : hex_digit(rest[1]);
    if (!high || !low) {
      throw Error(Errc::malformed_input,
                  fmt::format("{} in {} holds a backslash that escapes nothing", in_quotes(piece(2)), owner_),
                  "write '\\\\' for a backslash, or two hexadecimal digits behind it");
    }
    position_ += 2;
    return static_cast<char>(static_cast<unsigned char>((*high << 4) | *low));
  }

  [[nodiscard]] Error unescaped(char c) const {
    std::string hint = fmt::format("write '\\{}' where it is part of the value", c);
    if (c == ';') hint = "separate with ',', or " + hint;
    if (c == '"') hint = "values are not quoted; write '\\,' for a comma and '\\\"' for a quotation mark";
    return Error(Errc::malformed_input, fmt::format("{} in {} holds an unescaped '{}'", in_quotes(piece(1)), owner_, c),
                 hint);
  }

  AttributeTypeAndValue read_hex_value(Oid type) {
    const auto begin = position_ + 1;
    while (!at_separator()) ++position_;
    const auto digits = trimmed(text_.substr(begin, position_ - begin));
    return attribute_of_der(std::move(type), from_hex(digits, fmt::format("{} in {}", in_quotes(piece()), owner_)),
                            piece());
  }

  std::string_view text_;
  std::string_view owner_;
  std::size_t position_ = 0;
  std::size_t start_ = 0;
};

}  // namespace

std::vector<RelativeDistinguishedName> parse_rfc4514(std::string_view text, std::string_view owner) {
  return Rfc4514Reader(text, owner).read();
}

std::string escape_rfc4514(std::string_view value) {
  std::string escaped;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool at_edge = (i == 0 && (c == ' ' || c == '#')) || (i + 1 == value.size() && c == ' ');
    if (at_edge || always_escaped.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace p11csr::model
