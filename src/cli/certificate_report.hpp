#pragma once

#include <string>

#include <p11csr/workflow/certificates.hpp>

#include "cli/json.hpp"

namespace p11csr::cli {

/// certificate_json is a certificate on a token as `cert` commands show it (docs/CLI.md).
[[nodiscard]] Json certificate_json(const workflow::ListedCertificate& certificate);

/// install_json is the JSON of `cert install`, install_text the same for people, a line each.
[[nodiscard]] Json install_json(const workflow::InstallReport& report);
[[nodiscard]] std::string install_text(const workflow::InstallReport& report);

}  // namespace p11csr::cli
