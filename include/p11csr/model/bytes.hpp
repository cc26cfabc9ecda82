#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#pragma GCC visibility push(default)
namespace p11csr {

/// Bytes owns a sequence of octets.
using Bytes = std::vector<std::uint8_t>;
/// ByteView looks at a sequence of octets and must not outlive its owner.
using ByteView = std::span<const std::uint8_t>;

/// as_bytes views the octets of text (UTF-8 where it is text for people).
[[nodiscard]] ByteView as_bytes(std::string_view text);

/// as_text views octets as characters, unchanged; NUL and invalid UTF-8 are the caller's business.
[[nodiscard]] std::string_view as_text(ByteView bytes);

/// to_hex gives two lower-case hexadecimal digits an octet, without separators.
[[nodiscard]] std::string to_hex(ByteView bytes);

/// from_hex reads hexadecimal digits of either case; single colons or spaces between octets are allowed.
/// Throws Error(malformed_input) that quotes `what` (such as "--id") on anything else, an odd count included.
[[nodiscard]] Bytes from_hex(std::string_view text, std::string_view what);

}  // namespace p11csr
#pragma GCC visibility pop
