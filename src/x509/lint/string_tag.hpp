#pragma once

#include <cstdint>

namespace p11csr::x509 {

/// StringTag is the identifier octet of a string type (X.680, 8.6).
enum class StringTag : std::uint8_t {
  utf8 = 0x0c,
  numeric = 0x12,
  printable = 0x13,
  teletex = 0x14,
  ia5 = 0x16,
  visible = 0x1a,
  universal = 0x1c,
  bmp = 0x1e,
};

/// is_string_tag tells whether a tag is one of these.
[[nodiscard]] constexpr bool is_string_tag(std::uint8_t tag) {
  switch (static_cast<StringTag>(tag)) {
    case StringTag::utf8:
    case StringTag::numeric:
    case StringTag::printable:
    case StringTag::teletex:
    case StringTag::ia5:
    case StringTag::visible:
    case StringTag::universal:
    case StringTag::bmp:
      return true;
  }
  return false;
}

[[nodiscard]] constexpr bool is(std::uint8_t tag, StringTag type) { return tag == static_cast<std::uint8_t>(type); }

}  // namespace p11csr::x509
