#pragma once

#include <p11csr/x509/description.hpp>

#include "crypto/openssl.hpp"

namespace p11csr::x509 {

/// describe_attributes fills `attributes` and `extensions` from a request: the extensions of every extensionRequest
/// (RFC 2985, 5.4.2; a request should have one) and of Microsoft's predecessor of it. One that is not well-formed is
/// shown as an attribute.
void describe_attributes(Description& description, X509_REQ* request);

}  // namespace p11csr::x509
