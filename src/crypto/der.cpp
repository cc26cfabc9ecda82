#include "crypto/der.hpp"

#include <fmt/format.h>

#include <p11csr/model/error.hpp>

namespace p11csr::crypto {
namespace {

constexpr int deepest_nesting = 32;

bool minimal_integer(ByteView content) {
  if (content.empty()) {
    return false;
  }
  // X.690, 8.3.2: the first nine bits are neither all ones nor all zero.
  return content.size() == 1 ||
         !((content[0] == 0x00 && content[1] < 0x80) || (content[0] == 0xff && content[1] >= 0x80));
}

bool well_formed_oid(ByteView content) {
  bool at_start = true;
  for (const std::uint8_t octet : content) {
    if (at_start && octet == 0x80) {
      return false;
    }
    at_start = octet < 0x80;
  }
  return !content.empty() && at_start;
}

bool well_formed_bit_string(ByteView content) {
  if (content.empty() || content[0] > 7 || (content.size() == 1 && content[0] != 0)) {
    return false;
  }
  return (content.back() & ((1U << content[0]) - 1U)) == 0 || content.size() == 1;
}

/// The content rules of DER for the universal types (X.690, clauses 8, 10 and 11).
bool well_formed(const DerElement& element) {
  if ((element.identifier & 0xc0) != 0) {
    return true;
  }
  const unsigned number = element.identifier & 0x1fU;
  const bool must_be_constructed = number == 8 || number == 11 || number == 16 || number == 17;
  if (number == 0 || element.constructed() != must_be_constructed) {
    return false;
  }
  switch (number) {
    case 1:
      return element.content.size() == 1 && (element.content[0] == 0x00 || element.content[0] == 0xff);
    case 2:
    case 10:
      return minimal_integer(element.content);
    case 3:
      return well_formed_bit_string(element.content);
    case 5:
      return element.content.empty();
    case 6:
      return well_formed_oid(element.content);
    default:
      return true;
  }
}

void check_elements(ByteView der, std::string_view what, int depth) {
  if (depth > deepest_nesting) {
    throw Error(Errc::malformed_input, fmt::format("{} is nested more than {} levels deep", what, deepest_nesting));
  }
  DerReader reader(der, what);
  while (!reader.at_end()) {
    const DerElement element = reader.next();
    if (!well_formed(element)) {
      throw Error(Errc::malformed_input,
                  fmt::format("{} has an element 0x{:02x} whose content is not DER", what, element.identifier));
    }
    if (element.constructed()) {
      check_elements(element.content, what, depth + 1);
    }
  }
}

}  // namespace

void DerReader::fail(std::string_view why) const {
  throw Error(Errc::malformed_input, fmt::format("{} {}", what_, why));
}

std::uint8_t DerReader::take() {
  if (rest_.empty()) {
    fail("is cut short");
  }
  const std::uint8_t octet = rest_.front();
  rest_ = rest_.subspan(1);
  return octet;
}

void DerReader::skip_high_tag_number() {
  constexpr int most_octets = 4;
  std::uint32_t number = 0;
  for (int i = 0; i < most_octets; ++i) {
    const std::uint8_t octet = take();
    number = number << 7 | (octet & 0x7fU);
    if (number == 0) {
      fail("has a tag number that is not minimal");
    }
    if (octet < 0x80) {
      if (number < 0x1f) {
        fail("has a tag number that is not minimal");
      }
      return;
    }
  }
  fail("has a tag number that is too large");
}

std::size_t DerReader::take_length() {
  const std::uint8_t first = take();
  if (first < 0x80) {
    return first;
  }
  const unsigned octets = first & 0x7fU;
  if (octets == 0) {
    fail("has an element of indefinite length");
  }
  if (octets > 4) {
    fail("has an element that is longer than the input");
  }
  std::size_t length = 0;
  for (unsigned i = 0; i < octets; ++i) {
    const std::uint8_t octet = take();
    if (i == 0 && octet == 0) {
      fail("has a length that is not minimal");
    }
    length = length << 8 | octet;
  }
  if (length < 0x80) {
    fail("has a length that is not minimal");
  }
  return length;
}

DerElement DerReader::next() {
  const ByteView start = rest_;
  const std::uint8_t identifier = take();
  if ((identifier & 0x1f) == 0x1f) {
    skip_high_tag_number();
  }
  const std::size_t length = take_length();
  if (length > rest_.size()) {
    fail("is cut short");
  }
  const ByteView content = rest_.first(length);
  rest_ = rest_.subspan(length);
  return {identifier, content, start.first(start.size() - rest_.size())};
}

DerElement DerReader::expect(DerTag tag) {
  const DerElement element = next();
  if (!element.is(tag)) {
    fail(fmt::format("has an element 0x{:02x} where 0x{:02x} is due", element.identifier, static_cast<unsigned>(tag)));
  }
  return element;
}

void DerReader::finish() const {
  if (!rest_.empty()) {
    fail(fmt::format("has {} bytes behind its end", rest_.size()));
  }
}

std::optional<ByteView> unsigned_integer(ByteView content) {
  if (!minimal_integer(content) || content[0] >= 0x80) {
    return std::nullopt;
  }
  return content.size() > 1 && content[0] == 0 ? content.subspan(1) : content;
}

std::optional<ByteView> octets_of_bit_string(ByteView content) {
  if (content.empty() || content[0] != 0) {
    return std::nullopt;
  }
  return content.subspan(1);
}

void check_der(ByteView der, std::string_view what) {
  DerReader reader(der, what);
  const DerElement only = reader.next();
  reader.finish();
  check_elements(only.whole, what, 0);
}

}  // namespace p11csr::crypto
