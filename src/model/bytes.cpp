#include <fmt/format.h>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/error.hpp>

#include "model/ascii.hpp"
#include "model/quote.hpp"

namespace p11csr {

ByteView as_bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::string_view as_text(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::string to_hex(ByteView bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  result.reserve(bytes.size() * 2);
  for (const auto octet : bytes) {
    result += digits[octet >> 4];
    result += digits[octet & 0x0fU];
  }
  return result;
}

Bytes from_hex(std::string_view text, std::string_view what) {
  const auto malformed = [&](std::string_view why) {
    return Error(Errc::malformed_input, fmt::format("{}: {} {}", what, model::in_quotes(text), why),
                 "give two hexadecimal digits for each octet, such as 01af");
  };
  Bytes result;
  for (auto rest = text; !rest.empty();) {
    const bool separated = rest.front() == ':' || rest.front() == ' ';
    if (separated && (result.empty() || rest.size() == 1)) throw malformed("has a separator at its end");
    if (separated) rest.remove_prefix(1);
    const auto high = model::hex_digit(rest.front());
    if (!high) throw malformed("is not hexadecimal");
    const auto low = rest.size() > 1 ? model::hex_digit(rest[1]) : std::nullopt;
    if (!low) throw malformed(rest.size() > 1 ? "is not hexadecimal" : "has an odd number of digits");
    result.push_back(static_cast<std::uint8_t>((*high << 4) | *low));
    rest.remove_prefix(2);
  }
  return result;
}

}  // namespace p11csr
