#pragma once

#include <string>
#include <vector>

#include <p11csr/model/error.hpp>

#include "cli/command.hpp"

namespace p11csr::cli {

/// ChosenCommand is the command that arguments name, and where its own arguments start.
struct ChosenCommand {
  const Command* command;
  std::string path;  // "token list"
  std::size_t arguments_from;
};

/// choose_command reads the first word, and the second one for a group of commands; there must be one.
/// Throws Error(usage) with the nearest name for a command that does not exist.
[[nodiscard]] ChosenCommand choose_command(const std::vector<std::string>& arguments);

}  // namespace p11csr::cli
