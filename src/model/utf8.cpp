#include "model/utf8.hpp"

#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "model/quote.hpp"

namespace p11csr::model {

namespace {

struct Form {
  std::size_t octets;
  char32_t lead_bits;
  char32_t smallest;
};

std::optional<Form> form_of(unsigned char lead) {
  if (lead < 0x80) return Form{1, lead, 0};
  if ((lead & 0xe0) == 0xc0) return Form{2, lead & 0x1fU, 0x80};
  if ((lead & 0xf0) == 0xe0) return Form{3, lead & 0x0fU, 0x800};
  if ((lead & 0xf8) == 0xf0) return Form{4, lead & 0x07U, 0x10000};
  return std::nullopt;
}

}  // namespace

std::optional<CodePoint> first_code_point(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto form = form_of(static_cast<unsigned char>(text.front()));
  if (!form || form->octets > text.size()) return std::nullopt;
  char32_t value = form->lead_bits;
  for (std::size_t i = 1; i < form->octets; ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    if ((octet & 0xc0) != 0x80) return std::nullopt;
    value = (value << 6) | (octet & 0x3fU);
  }
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < form->smallest || surrogate || value > 0x10ffff) return std::nullopt;
  return CodePoint{value, form->octets};
}

std::optional<std::size_t> count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) {
    const auto character = first_code_point(text);
    if (!character) return std::nullopt;
    text.remove_prefix(character->octets);
  }
  return count;
}

void check_text(std::string_view text, std::string_view what) {
  for (auto rest = text; !rest.empty();) {
    const auto character = first_code_point(rest);
    if (!character) {
      throw Error(Errc::malformed_input, fmt::format("{} {} is not UTF-8", what, in_quotes(text)),
                  "give the text in UTF-8");
    }
    if (is_control(character->value)) {
      throw Error(Errc::malformed_input,
                  fmt::format("{} {} holds the control character U+{:04X}", what, in_quotes(text),
                              static_cast<unsigned>(character->value)),
                  "leave the character out");
    }
    rest.remove_prefix(character->octets);
  }
}

}  // namespace p11csr::model
