#include "cli/help.hpp"

#include <fmt/format.h>

#include "cli/help_topics.hpp"
#include "cli/wrapped.hpp"

namespace p11csr::cli {
namespace {

void add_commands(std::string& text, const std::vector<Command>& commands) {
  for (const Command& command : commands) text += fmt::format("  {:<14}{}\n", command.name, command.summary);
}

void add_option(std::string& text, const OptionText& option) {
  const std::string names = option.value.empty() ? option.names : option.names + " " + option.value;
  // A name that fills its column puts the description on a line of its own.
  constexpr std::size_t column = 30;
  text += names.size() > column - 2 ? fmt::format("  {}\n{:<{}}", names, "", column + 2)
                                    : fmt::format("  {:<{}}", names, column);
  add_wrapped(text, option.description, column + 2);
}

void add_options(std::string& text, const std::vector<OptionText>& options, Rarity rarity) {
  std::string lines;
  for (const OptionText& option : options)
    if (option.rarity == rarity) add_option(lines, option);
  if (!lines.empty()) text += fmt::format("\n{}:\n{}", rarity == Rarity::rare ? "More options" : "Options", lines);
}

}  // namespace

HelpWanted help_wanted(const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    if (argument == "--") break;
    if (argument == "-h") return HelpWanted::one_screen;
    if (argument == "--help") return HelpWanted::all;
  }
  return HelpWanted::none;
}

std::vector<std::string> program_examples() {
  return {"p11csr token list",
          "p11csr request --generate ec:P-256 --label web-01 --subject CN=web-01.example --san dns:web-01.example "
          "--out web-01.csr",
          "p11csr inspect web-01.csr"};
}

std::string program_help() {
  std::string text =
      "p11csr makes PKCS #10 requests for keys that are generated in, and never leave, a PKCS #11 token.\n\n"
      "Usage: p11csr COMMAND [OPTIONS]\n\nCommands:\n";
  add_commands(text, all_commands());
  text += "\nTopics (p11csr help TOPIC):\n";
  for (const HelpTopic& topic : help_topics()) text += fmt::format("  {:<14}{}\n", topic.name, topic.summary);
  add_options(text, program_options(), Rarity::usual);
  text += "\nExamples:\n";
  for (const std::string& example : program_examples()) text += fmt::format("  {}\n", example);
  text += "\np11csr COMMAND -h shows a command's usual options, --help all of them.\n";
  return text;
}

std::string command_help(const Command& command, const std::string& path, HelpWanted wanted) {
  Options options;
  if (command.declare) static_cast<void>(declare_options(command, options));
  std::string text;
  add_wrapped(text, fmt::format("p11csr {}: {}", path, command.summary), 0);
  if (!command.subcommands.empty()) {
    text += fmt::format("\nUsage: p11csr {} COMMAND [OPTIONS]\n\nCommands:\n", path);
    add_commands(text, command.subcommands);
  } else {
    std::string operands;
    for (const OptionText& option : options.texts())
      if (option.operand) operands += " " + option.names;
    text += fmt::format("\nUsage: p11csr {} [OPTIONS]{}\n", path, operands);
    add_options(text, options.texts(), Rarity::usual);
    if (wanted == HelpWanted::all) add_options(text, options.texts(), Rarity::rare);
  }
  text += "\nExamples:\n";
  for (const std::string& example : command.examples) text += fmt::format("  {}\n", example);
  return text;
}

}  // namespace p11csr::cli
