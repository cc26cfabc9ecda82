#include "cli/command_choice.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "model/nearest.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

const Command* find(const std::vector<Command>& commands, const std::string& name) {
  const auto found =
      std::find_if(commands.begin(), commands.end(), [&name](const Command& command) { return command.name == name; });
  return found == commands.end() ? nullptr : &*found;
}

Error unknown_command(const std::string& name, const std::vector<Command>& commands, const std::string& lister) {
  std::vector<std::string_view> names;
  names.reserve(commands.size());
  for (const Command& command : commands) names.emplace_back(command.name);
  return {Errc::usage, fmt::format("unknown command {}", model::in_quotes(name)),
          model::did_you_mean(name, names, lister + " --help lists the commands")};
}

}  // namespace

ChosenCommand choose_command(const std::vector<std::string>& arguments) {
  const std::string& first = arguments.front();
  const Command* command = find(all_commands(), first);
  if (command == nullptr) throw unknown_command(first, all_commands(), "p11csr");
  ChosenCommand chosen{command, command->name, 1};
  if (command->subcommands.empty() || arguments.size() < 2 || arguments[1].rfind('-', 0) == 0) return chosen;
  chosen.command = find(command->subcommands, arguments[1]);
  if (chosen.command == nullptr) throw unknown_command(arguments[1], command->subcommands, "p11csr " + first);
  chosen.path += " " + arguments[1];
  chosen.arguments_from = 2;
  return chosen;
}

}  // namespace p11csr::cli
