#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "cli/streams.hpp"

namespace p11csr::cli {

/// Command is one word behind p11csr. declare declares its options and gives what runs it once they are parsed; its
/// result is the exit code, errors are thrown.
struct Command {
  std::string name;
  std::string summary;
  std::vector<std::string> examples;
  std::function<std::function<int(Streams&)>(Options&)> declare;  // empty for a group of commands
  std::vector<Command> subcommands;
};

/// declare_options declares a command's options and its help, and gives what runs it.
[[nodiscard]] std::function<int(Streams&)> declare_options(const Command& command, Options& options);

/// program_options are those of p11csr without a command.
[[nodiscard]] const std::vector<OptionText>& program_options();

/// all_commands is what p11csr can do, in the order that help shows.
[[nodiscard]] const std::vector<Command>& all_commands();

}  // namespace p11csr::cli
