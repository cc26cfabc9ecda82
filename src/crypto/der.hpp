#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <p11csr/model/bytes.hpp>

namespace p11csr::crypto {

/// Identifier octets of DER elements that this project looks for (X.690, 8.1.2).
enum class DerTag : std::uint8_t {
  boolean = 0x01,
  integer = 0x02,
  bit_string = 0x03,
  octet_string = 0x04,
  null = 0x05,
  object_identifier = 0x06,
  utf8_string = 0x0c,
  printable_string = 0x13,
  ia5_string = 0x16,
  sequence = 0x30,
  set = 0x31,
  context_0 = 0xa0,
  context_1 = 0xa1,
  context_2 = 0xa2,
};

/// DerElement is one element: views into the input it was read from.
struct DerElement {
  std::uint8_t identifier;  // the first identifier octet
  ByteView content;
  ByteView whole;

  [[nodiscard]] bool constructed() const noexcept { return (identifier & 0x20) != 0; }
  [[nodiscard]] bool is(DerTag tag) const noexcept { return identifier == static_cast<std::uint8_t>(tag); }
};

/// DerReader reads elements one after the other and believes no length: only definite and minimal ones inside the
/// input are accepted (X.690, 10.1). Every function throws Error(malformed_input) that starts with `what`.
class DerReader {
 public:
  /// `what` names the input in errors ("the request") and must outlive the reader, as must the input.
  DerReader(ByteView der, std::string_view what) : rest_(der), what_(what) {}

  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
  [[nodiscard]] bool next_is(DerTag tag) const noexcept {
    return !rest_.empty() && rest_.front() == static_cast<std::uint8_t>(tag);
  }
  [[nodiscard]] DerElement next();
  [[nodiscard]] DerElement expect(DerTag tag);
  /// inside reads on in the content of the next element.
  [[nodiscard]] DerReader inside(DerTag tag) { return {expect(tag).content, what_}; }
  /// finish throws when something is left.
  void finish() const;

 private:
  std::uint8_t take();
  std::size_t take_length();
  void skip_high_tag_number();
  [[noreturn]] void fail(std::string_view why) const;

  ByteView rest_;
  std::string_view what_;
};

/// unsigned_integer is the content of an INTEGER (X.690, 8.3) that is minimal and positive, without its sign octet.
/// Empty otherwise.
[[nodiscard]] std::optional<ByteView> unsigned_integer(ByteView content);

/// octets_of_bit_string is the content of a BIT STRING of whole octets; empty when it has unused bits.
[[nodiscard]] std::optional<ByteView> octets_of_bit_string(ByteView content);

/// check_der throws Error(malformed_input) unless the input is exactly one DER element, all the way down.
void check_der(ByteView der, std::string_view what);

}  // namespace p11csr::crypto
