#pragma once

#include <string>
#include <variant>

#include <p11csr/workflow/create_request.hpp>

#include "cli/request_content.hpp"

namespace p11csr::cli {

/// label_of is the label of a new key: the one that was given, else the name that the certificate is about.
/// Throws Error(usage) where there is neither.
[[nodiscard]] std::string label_of(const RequestContent& content);

using KeyChoice = std::variant<workflow::GenerateKey, workflow::UseKey>;

/// options_for is the content as create_request takes it, for any token.
[[nodiscard]] workflow::RequestOptions options_for(const RequestContent& content, KeyChoice key);

}  // namespace p11csr::cli
