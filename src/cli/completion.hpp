#pragma once

#include <string>
#include <vector>

namespace p11csr::cli {

/// Candidate is a word that may come next. One that ends with ':' or '=' is not whole yet.
struct Candidate {
  std::string text;
  std::string description;
};

/// Paths says what a shell itself may offer besides: files, folders, or the names of commands.
enum class Paths { none, files, folders, commands };

/// Completion is what a shell may offer.
struct Completion {
  std::vector<Candidate> candidates;
  Paths paths = Paths::none;
  std::string before_path;  // what of the word stands before a path: "--out=", "file:"
};

/// complete answers what may come for the last of the words behind "p11csr", which may be empty. It knows commands and
/// options by their definitions. Labels are asked of tokens without a login, and for a moment only. Never throws for
/// what was typed.
[[nodiscard]] Completion complete(const std::vector<std::string>& words);

/// completion_text is what the scripts in completions/ read: the kind of paths and what stands before one, with a tab
/// between, then a line for each candidate and its description, likewise.
[[nodiscard]] std::string completion_text(const Completion& completion);

}  // namespace p11csr::cli
