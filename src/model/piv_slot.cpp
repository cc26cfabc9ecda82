#include <array>
#include <charconv>
#include <cstdint>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>
#include <p11csr/model/piv_slot.hpp>

#include "model/quote.hpp"

namespace p11csr {
namespace {

constexpr unsigned kFirstRetired = 0x82;
constexpr unsigned kLastRetired = 0x95;
constexpr unsigned kLastNumberedAlike = 0x86;
constexpr unsigned kFirstRetiredId = 5;

constexpr std::array<unsigned, 4> kSlots{0x9a, 0x9c, 0x9d, 0x9e};

unsigned parse_slot(std::string_view text) {
  unsigned number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (text.size() == 2 && problem == std::errc() && end == text.data() + text.size()) return number;
  return 0;
}

}  // namespace

Bytes id_of_piv_slot(std::string_view slot) {
  const unsigned number = parse_slot(slot);
  for (std::size_t i = 0; i < kSlots.size(); ++i)
    if (kSlots[i] == number) return {static_cast<std::uint8_t>(i + 1)};
  if (number < kFirstRetired || number > kLastRetired)
    throw Error(Errc::malformed_input, fmt::format("{} is not a PIV slot", model::in_quotes(slot)),
                "say 9a (authentication), 9c (signature), 9d (key management), 9e (card authentication), or 82 to 86");
  const unsigned id = kFirstRetiredId + number - kFirstRetired;
  if (number <= kLastNumberedAlike) return {static_cast<std::uint8_t>(id)};
  // OpenSC writes the number's decimal digits, so its 10 is another slot than ykcs11's.
  throw Error(Errc::malformed_input, fmt::format("modules give the PIV slot {:x} different IDs", number),
              fmt::format("say which: --id {:02x} (ykcs11), or --id {:02} (OpenSC)", id, id));
}

}  // namespace p11csr
