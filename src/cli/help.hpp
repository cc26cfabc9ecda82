#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace p11csr::cli {

enum class HelpWanted { none, one_screen, all };

/// help_wanted looks for -h and --help among a command's arguments, up to "--".
[[nodiscard]] HelpWanted help_wanted(const std::vector<std::string>& arguments);

/// program_examples are those of the program itself, in its help and its man page.
[[nodiscard]] std::vector<std::string> program_examples();

/// program_help lists the commands and the topics.
[[nodiscard]] std::string program_help();

/// command_help shows a command's options from their declarations, the rare ones only with HelpWanted::all, and its
/// examples.
[[nodiscard]] std::string command_help(const Command& command, const std::string& path, HelpWanted wanted);

}  // namespace p11csr::cli
