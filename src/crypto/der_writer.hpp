#pragma once

#include <initializer_list>
#include <vector>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/oid.hpp>

#include "crypto/der.hpp"

namespace p11csr::crypto {

/// der_element is one element whose content is the parts, one after the other (X.690, 8.1.3 and 10.1).
[[nodiscard]] Bytes der_element(DerTag tag, std::initializer_list<ByteView> parts);

/// der_set is a SET OF, or what is tagged in its place: its elements are sorted by their octets (X.690, 11.6).
[[nodiscard]] Bytes der_set(DerTag tag, std::vector<Bytes> elements);

/// der_oid throws Error(malformed_input) where OpenSSL cannot encode the OBJECT IDENTIFIER.
[[nodiscard]] Bytes der_oid(const Oid& oid);

}  // namespace p11csr::crypto
