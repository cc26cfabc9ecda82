#include "model/quote.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "model/ascii.hpp"
#include "model/utf8.hpp"

namespace p11csr::model {

namespace {

constexpr std::size_t longest_quote = 200;  // characters

// The first character of the text as it may be shown; the text goes on behind it.
std::string take_printable(std::string_view& text) {
  const auto character = first_code_point(text);
  if (!character) {
    std::string shown = fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    text.remove_prefix(1);
    return shown;
  }
  const auto value = static_cast<unsigned>(character->value);
  std::string shown(text.substr(0, character->octets));
  text.remove_prefix(character->octets);
  if (!is_deceptive(character->value)) return shown;
  return value < 0x100 ? fmt::format("\\x{:02x}", value) : fmt::format("\\u{{{:04x}}}", value);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) result += take_printable(text);
  return result;
}

std::string in_quotes(std::string_view text) {
  std::string result = "'";
  for (std::size_t shown = 0; !text.empty(); ++shown) {
    if (shown == longest_quote) return result + "…'";
    result += take_printable(text);
  }
  return result + "'";
}

std::string shell_word(std::string_view text) {
  const auto is_plain = [](char c) {
    return is_alphanumeric(c) || std::string_view("-_.,:/@%+=").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      result += c;
    }
  }
  return result + "'";
}

}  // namespace p11csr::model
