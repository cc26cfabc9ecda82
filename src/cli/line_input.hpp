#pragma once

#include <optional>
#include <string>

#include <p11csr/model/secret.hpp>

namespace p11csr::cli {

/// read_hidden_line asks at the terminal `fd` and reads one line that is not shown, without its line end, straight
/// into the Secret's memory. Nothing where the person gives none: Ctrl-C, Ctrl-D, Ctrl-Z, Ctrl-\ or a signal that ends
/// the program. The terminal is afterwards as it was. Throws Error(pin_missing) for a line longer than `most` octets,
/// and where the terminal cannot hide what is typed.
[[nodiscard]] std::optional<Secret> read_hidden_line(int fd, const std::string& prompt, std::size_t most);

/// read_shown_line asks likewise for something that may be seen.
[[nodiscard]] std::optional<std::string> read_shown_line(int fd, const std::string& prompt);

}  // namespace p11csr::cli
