#pragma once

#include <string>

#include <p11csr/workflow/create_request.hpp>

#include "cli/json.hpp"

namespace p11csr::cli {

/// request_json is the JSON of `request` (docs/CLI.md); out is empty where the request went to stdout.
[[nodiscard]] Json request_json(const workflow::RequestReport& result, const std::string& out);

/// names_json lists the subject alternative names as --san takes them.
[[nodiscard]] Json names_json(const RequestSpec& spec);

/// token_json and key_json are the parts that other commands show too.
[[nodiscard]] Json token_json(const TokenInfo& token);
[[nodiscard]] Json key_json(const workflow::KeyReport& key);
[[nodiscard]] Json origin_json(const KeyOrigin& origin);

}  // namespace p11csr::cli
