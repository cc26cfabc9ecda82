#include "x509/asn1_text.hpp"

#include <algorithm>
#include <array>

#include "model/ascii.hpp"

namespace p11csr::x509 {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_format(std::string_view name) { return name == "FORMAT" || name == "FORM"; }

bool is_modifier(std::string_view name) {
  constexpr std::array<std::string_view, 8> wrappers{"EXPLICIT", "EXP",     "IMPLICIT", "IMP",
                                                     "OCTWRAP",  "SEQWRAP", "SETWRAP",  "BITWRAP"};
  return is_format(name) || is_one_of(name, wrappers);
}

}  // namespace

Asn1Text::Asn1Text(std::string_view text) {
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    const auto comma = text.find(',');
    const std::string_view piece = model::trimmed(text.substr(0, comma));
    const auto colon = piece.find(':');
    const std::string_view name = piece.substr(0, colon);
    if (!is_modifier(name) || comma == std::string_view::npos) {
      type = name;
      // A comma in the value does not end it: the type is the last piece.
      if (colon != std::string_view::npos) value = text.substr(colon + 1);
      return;
    }
    if (is_format(name) && colon != std::string_view::npos) format = piece.substr(colon + 1);
    text.remove_prefix(comma + 1);
  }
}

bool Asn1Text::misread() const {
  // Their octets are not characters, and stay as they are.
  constexpr std::array<std::string_view, 4> octets{"OCTETSTRING", "OCT", "BITSTRING", "BITSTR"};
  return !model::is_ascii(value) && !is_one_of(type, octets) && !format.starts_with("UTF8");
}

bool Asn1Text::names_section() const {
  constexpr std::array<std::string_view, 3> constructed{"SEQUENCE", "SEQ", "SET"};
  return is_one_of(type, constructed);
}

}  // namespace p11csr::x509
