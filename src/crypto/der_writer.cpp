#include "crypto/der_writer.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <openssl/objects.h>

#include "crypto/openssl_error.hpp"

namespace p11csr::crypto {
namespace {

void put_length(Bytes& der, std::size_t length) {
  constexpr std::size_t first_long_one = 0x80;
  if (length < first_long_one) {
    der.push_back(static_cast<std::uint8_t>(length));
    return;
  }
  std::size_t octets = 1;
  while (octets < sizeof length && (length >> (8 * octets)) != 0) ++octets;
  der.push_back(static_cast<std::uint8_t>(first_long_one | octets));
  while (octets-- > 0) der.push_back(static_cast<std::uint8_t>(length >> (8 * octets)));
}

/// Puts identifier and length, and has room for the content.
Bytes begin(DerTag tag, std::size_t length) {
  constexpr std::size_t longest_header = 2 + sizeof length;
  Bytes der;
  der.reserve(longest_header + length);
  der.push_back(static_cast<std::uint8_t>(tag));
  put_length(der, length);
  return der;
}

template <class Parts>
Bytes element(DerTag tag, const Parts& parts) {
  std::size_t length = 0;
  for (const auto& part : parts) length += part.size();
  Bytes der = begin(tag, length);
  for (const auto& part : parts) der.insert(der.end(), part.begin(), part.end());
  return der;
}

}  // namespace

Bytes der_element(DerTag tag, std::initializer_list<ByteView> parts) { return element(tag, parts); }

Bytes der_set(DerTag tag, std::vector<Bytes> elements) {
  // No encoding is the beginning of another one, so the zero octets of 11.6 change nothing.
  std::sort(elements.begin(), elements.end());
  return element(tag, elements);
}

Bytes der_oid(const Oid& oid) {
  const std::string& dotted = oid.dotted();
  std::array<unsigned char, 256> content{};
  const int size = a2d_ASN1_OBJECT(content.data(), static_cast<int>(content.size()), dotted.c_str(), -1);
  if (size <= 0) throw openssl_error(Errc::malformed_input, fmt::format("the OID '{}' cannot be encoded", dotted));
  return der_element(DerTag::object_identifier, {ByteView(content.data(), static_cast<std::size_t>(size))});
}

}  // namespace p11csr::crypto
