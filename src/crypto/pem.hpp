#pragma once

#include <string>
#include <string_view>

#include <p11csr/model/bytes.hpp>

namespace p11csr::crypto {

/// to_pem writes RFC 7468 text with 64 columns and a final newline.
[[nodiscard]] std::string to_pem(std::string_view label, ByteView der);

}  // namespace p11csr::crypto
