#pragma once

#include <string>
#include <vector>

#include <p11csr/x509/description.hpp>

#include "crypto/openssl.hpp"

namespace p11csr::x509 {

/// describe_extension copes with any content: what it cannot read is shown in hexadecimal.
[[nodiscard]] ExtensionDescription describe_extension(X509_EXTENSION* extension);

/// subject_alt_names_in gives the names in a SubjectAltName's value as text; none when it is not well-formed.
[[nodiscard]] std::vector<std::string> subject_alt_names_in(ByteView value);

}  // namespace p11csr::x509
