#include "parsing.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <stdexcept>

#include "names_table.hpp"

namespace wayward {
namespace {

[[noreturn]] void refuse(std::string_view what, std::string_view text) {
  throw std::invalid_argument(std::string(what) + " '" + std::string(text) + "'");
}

Bytes hex_octets(std::string_view digits) {
  Bytes octets;
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    const std::string_view pair = digits.substr(at, 2);
    CK_BYTE octet = 0;
    const auto [end, problem] = std::from_chars(pair.data(), pair.data() + pair.size(), octet, 16);
    if (problem != std::errc() || end != pair.data() + 2) refuse("no hexadecimal octets:", digits);
    octets.push_back(octet);
  }
  return octets;
}

}  // namespace

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> pieces;
  while (true) {
    const std::size_t end = text.find_first_of(separators);
    pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::string_view> fields(std::string_view text, std::size_t count) {
  std::vector<std::string_view> pieces;
  std::string_view rest = text;
  while (pieces.size() + 1 < count) {
    const std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos) refuse("too few fields in", text);
    pieces.push_back(rest.substr(0, colon));
    rest.remove_prefix(colon + 1);
  }
  pieces.push_back(rest);
  return pieces;
}

CK_ULONG parse_number(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x");
  const std::string_view digits = hexadecimal ? text.substr(2) : text;
  CK_ULONG number = 0;
  const auto [end, problem] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, hexadecimal ? 16 : 10);
  if (problem != std::errc() || end != digits.data() + digits.size()) refuse("no number:", text);
  return number;
}

CK_ULONG parse_constant(std::string_view text, std::string_view prefix) {
  if (!text.starts_with("CK")) return parse_number(text);
  const auto& known = named_constants();
  const auto found = std::find_if(known.begin(), known.end(), [&](const auto& each) { return each.name == text; });
  if (found == known.end() || !text.starts_with(prefix)) refuse("no " + std::string(prefix) + " constant:", text);
  return found->value;
}

std::string parse_function(std::string_view text) {
  const auto& known = function_names();
  if (std::find(known.begin(), known.end(), text) == known.end()) refuse("no Cryptoki function:", text);
  return std::string(text);
}

CK_OBJECT_CLASS parse_class(std::string_view text) {
  if (text == "private") return CKO_PRIVATE_KEY;
  if (text == "public") return CKO_PUBLIC_KEY;
  if (text == "certificate") return CKO_CERTIFICATE;
  refuse("no class of objects (private, public, certificate):", text);
}

std::optional<Bytes> parse_value(std::string_view text) {
  if (text == "true") return Bytes{CK_TRUE};
  if (text == "false") return Bytes{CK_FALSE};
  if (text.starts_with("hex:")) return hex_octets(text.substr(4));
  if (text.starts_with("ulong:")) {
    const CK_ULONG number = parse_number(text.substr(6));
    Bytes octets(sizeof number);
    std::memcpy(octets.data(), &number, sizeof number);
    return octets;
  }
  return std::nullopt;
}

}  // namespace wayward
