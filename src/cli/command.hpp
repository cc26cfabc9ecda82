#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <vector>

#include "cli/error_report.hpp"
#include "cli/streams.hpp"

namespace p11csr::cli {

/// Command is one word behind p11csr. declare adds its options to the parser and gives what runs it once they are
/// parsed; its result is the exit code, errors are thrown.
struct Command {
  std::string name;
  std::string summary;
  std::vector<std::string> examples;
  std::function<std::function<int(Streams&)>(CLI::App&)> declare;  // empty for a group of commands
  std::vector<Command> subcommands;
  /// A command that starts a program finds that program's words, with "--" before them, in the parser's remaining().
  bool starts_a_program = false;
};

/// all_commands is what p11csr can do, in the order that help shows.
[[nodiscard]] const std::vector<Command>& all_commands();

/// Options in this group are left out of the one-screen help (-h).
inline constexpr const char* kMoreOptions = "More options";

}  // namespace p11csr::cli
