#include "model/ascii.hpp"

#include <algorithm>
#include <charconv>

namespace p11csr::model {

std::optional<unsigned> hex_digit(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  const char small = lower(c);
  if (small >= 'a' && small <= 'f') return static_cast<unsigned>(small - 'a' + 10);
  return std::nullopt;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = lower(c);
  return result;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (auto end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
    pieces.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  pieces.push_back(text);
  return pieces;
}

std::string join(const std::vector<std::string_view>& pieces, std::string_view separator) {
  std::string result;
  for (const auto piece : pieces) {
    if (!result.empty()) result += separator;
    result += piece;
  }
  return result;
}

std::optional<unsigned> parse_decimal(std::string_view digits, unsigned maximum) {
  unsigned number = 0;
  const char* end = digits.data() + digits.size();
  const auto [stopped, problem] = std::from_chars(digits.data(), end, number);
  if (problem != std::errc{} || stopped != end || number > maximum) return std::nullopt;
  return number;
}

}  // namespace p11csr::model
