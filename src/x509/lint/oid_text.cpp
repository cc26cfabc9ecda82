#include <algorithm>
#include <cstdint>

#include <p11csr/model/error.hpp>

#include "x509/lint/request_view.hpp"

namespace p11csr::x509 {
namespace {

constexpr std::size_t longest_arc = 19;  // octets of seven bits: 128 bits (X.667)

Error malformed(const char* why) { return {Errc::malformed_input, why}; }

/// The octets of one subidentifier (X.690, 8.19.2) as a decimal number, which may be longer than any of ours.
std::string decimal(ByteView octets) {
  std::string digits = "0";  // the last one first
  for (const std::uint8_t octet : octets) {
    unsigned carry = octet & 0x7fU;
    for (char& digit : digits) {
      carry += static_cast<unsigned>(digit - '0') * 128;
      digit = static_cast<char>('0' + carry % 10);
      carry /= 10;
    }
    for (; carry != 0; carry /= 10) digits += static_cast<char>('0' + carry % 10);
  }
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::uint64_t number(ByteView octets) {
  std::uint64_t value = 0;
  for (const std::uint8_t octet : octets) value = value << 7 | (octet & 0x7fU);
  return value;
}

/// X.690, 8.19.4: the first two arcs share a number.
std::string first_two_arcs(ByteView octets) {
  constexpr std::size_t most = 9;  // 63 bits
  if (octets.size() > most) throw malformed("the second arc of an OID is too large");
  const std::uint64_t both = number(octets);
  const std::uint64_t first = both < 40 ? 0 : both < 80 ? 1 : 2;
  return std::to_string(first) + '.' + std::to_string(both - first * 40);
}

std::string arc_text(ByteView octets) {
  constexpr std::size_t most = 9;
  return octets.size() <= most ? std::to_string(number(octets)) : decimal(octets);
}

}  // namespace

std::string oid_text(ByteView content) {
  if (content.empty() || content.back() >= 0x80) throw malformed("an OID is cut short");
  std::string text;
  for (std::size_t begin = 0; begin < content.size();) {
    std::size_t end = begin;
    while (content[end] >= 0x80) ++end;
    const ByteView arc = content.subspan(begin, end + 1 - begin);
    if (arc.size() > longest_arc) throw malformed("an OID has an arc that is too large");
    text += text.empty() ? first_two_arcs(arc) : '.' + arc_text(arc);
    begin = end + 1;
  }
  return text;
}

}  // namespace p11csr::x509
