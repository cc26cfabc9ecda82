#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <p11csr/model/bytes.hpp>

namespace p11csr::x509 {

/// microsoft_text shows the value of a certificate template or security identifier extension (MS-WCCE, 2.2.2.7.7) as
/// --ms-template and --sid take it; empty for any other extension, and where the value is none of its kind.
[[nodiscard]] std::optional<std::string> microsoft_text(std::string_view oid, ByteView value);

}  // namespace p11csr::x509
