#pragma once

#include <p11csr/x509/certification_request.hpp>

#include "cli/options.hpp"

namespace p11csr::cli {

/// declare_self_verification adds --no-self-verify.
void declare_self_verification(Options& options, bool& waived);

/// self_verification is what the flag means.
[[nodiscard]] x509::SelfVerification self_verification(bool waived);

}  // namespace p11csr::cli
