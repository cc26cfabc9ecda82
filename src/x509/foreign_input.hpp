#pragma once

#include <string_view>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/error.hpp>

namespace p11csr::x509 {

/// not_a_document is the error for DER that is neither request nor certificate; it says what it is where that shows.
[[nodiscard]] Error not_a_document(ByteView der);

/// not_a_document_label is the same for a PEM block of another label.
[[nodiscard]] Error not_a_document_label(std::string_view label);

}  // namespace p11csr::x509
