#pragma once

#include <string_view>
#include <vector>

#include <p11csr/model/error.hpp>

namespace p11csr::cli {

/// exit_code is the documented exit code of an error (docs/CLI.md).
[[nodiscard]] int exit_code(Errc code);

/// ExitMeaning is one line of that table; the text may have words in backquotes, as docs/CLI.md has.
struct ExitMeaning {
  int code;
  std::string_view meaning;
};

/// exit_meanings is every exit code that this program has of its own, in rising order.
[[nodiscard]] const std::vector<ExitMeaning>& exit_meanings();

/// errors_with gives the errors of an exit code, in their declared order; none for 0.
[[nodiscard]] std::vector<Errc> errors_with(int exit);

}  // namespace p11csr::cli
