#pragma once

#include <string>

#include <p11csr/workflow/create_request.hpp>

namespace p11csr::cli {

/// approval_text shows a person what a key is about to sign.
[[nodiscard]] std::string approval_text(const std::string& person, const workflow::ToBeSigned& content);

}  // namespace p11csr::cli
