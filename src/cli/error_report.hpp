#pragma once

#include <string>

#include <p11csr/model/error.hpp>

namespace p11csr::cli {

enum class ErrorForm { words, json };

/// error_text is what goes to stderr for an error, with its final newline: "p11csr: error: …", the candidates one URI a
/// line, "p11csr: hint: …"; or the JSON object of docs/CLI.md.
[[nodiscard]] std::string error_text(const Error& error, ErrorForm form);

}  // namespace p11csr::cli
