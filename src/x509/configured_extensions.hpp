#pragma once

#include <p11csr/x509/request_source.hpp>

#include "x509/configuration.hpp"

namespace p11csr::x509 {

/// take_configured_extension adds what an entry of a req_extensions section says (x509v3_config(5)), unless its OID is
/// replaced. Throws Error(malformed_input) that names the entry.
void take_configured_extension(RequestSource& source, const Configuration& configuration,
                               const ConfigurationEntry& entry, const Replaced& replaced);

}  // namespace p11csr::x509
