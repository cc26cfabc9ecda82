#pragma once

#include <p11csr/x509/request_source.hpp>

#include "cli/content_flags.hpp"

namespace p11csr::cli {

/// names_file tells whether a flag names a file to take content from.
[[nodiscard]] bool names_file(const ContentFlags& flags);

/// read_content_source reads the file of --from or --openssl-config; empty where there is neither.
/// Throws Error that names flag and file.
[[nodiscard]] x509::RequestSource read_content_source(const ContentFlags& flags, const x509::Replaced& replaced);

}  // namespace p11csr::cli
