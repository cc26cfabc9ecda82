#pragma once

#include <string_view>

#include <p11csr/model/bytes.hpp>
#include <p11csr/x509/request_source.hpp>

namespace p11csr::x509 {

[[nodiscard]] bool is_replaced(const Replaced& replaced, std::string_view oid);

/// take_extension adds an extension to the source: as a type of the model where there is one that holds it, raw
/// otherwise. Names that the model has no kind for are left out. Throws Error(malformed_input).
void take_extension(RequestSource& source, std::string_view oid, bool critical, ByteView value);

}  // namespace p11csr::x509
