#include "cli/program.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <optional>

#include <p11csr/model/error.hpp>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "cli/exit_code.hpp"
#include "cli/help.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using Run = std::function<int(Streams&)>;

/// Chosen is the command that the arguments name, and where its own arguments start.
struct Chosen {
  const Command* command;
  std::string path;  // "token list"
  std::size_t arguments_from;
};

const Command* find(const std::vector<Command>& commands, const std::string& name) {
  const auto found =
      std::find_if(commands.begin(), commands.end(), [&name](const Command& command) { return command.name == name; });
  return found == commands.end() ? nullptr : &*found;
}

Error unknown_command(const std::string& name, const std::vector<Command>& commands) {
  std::vector<std::string_view> names;
  for (const Command& command : commands) names.emplace_back(command.name);
  return {Errc::usage, fmt::format("unknown command {}", model::in_quotes(name)),
          model::did_you_mean(name, names, "p11csr --help lists the commands")};
}

Chosen choose(const std::vector<std::string>& arguments) {
  const Command* command = find(all_commands(), arguments.front());
  if (command == nullptr) throw unknown_command(arguments.front(), all_commands());
  Chosen chosen{command, command->name, 1};
  if (command->subcommands.empty() || arguments.size() < 2 || arguments[1].rfind('-', 0) == 0) return chosen;
  chosen.command = find(command->subcommands, arguments[1]);
  if (chosen.command == nullptr) throw unknown_command(arguments[1], command->subcommands);
  chosen.path += " " + arguments[1];
  chosen.arguments_from = 2;
  return chosen;
}

int run_command(const Chosen& chosen, const std::vector<std::string>& arguments, Streams& streams) {
  Options options;
  const std::vector<std::string> own(arguments.begin() + static_cast<std::ptrdiff_t>(chosen.arguments_from),
                                     arguments.end());
  const HelpWanted help = help_wanted(own);
  if (!chosen.command->declare || help != HelpWanted::none) {
    if (chosen.command->declare) static_cast<void>(chosen.command->declare(options));
    const bool missing = help == HelpWanted::none;
    (missing ? streams.err : streams.out) << command_help(*chosen.command, chosen.path, options, help);
    return missing ? exit_code(Errc::usage) : 0;
  }
  const Run run = chosen.command->declare(options);
  options.parse(own);
  return run(streams);
}

int run_arguments(const std::vector<std::string>& arguments, Streams& streams) {
  if (arguments.empty()) {
    streams.err << program_help();
    return exit_code(Errc::usage);
  }
  const std::string& first = arguments.front();
  if (first == "-h" || first == "--help") {
    streams.out << program_help();
    return 0;
  }
  if (first == "--version" || first == "-V") {
    fmt::print(streams.out, "p11csr {}\n", P11CSR_VERSION);
    return 0;
  }
  if (first.rfind('-', 0) == 0)
    throw Error(Errc::usage, fmt::format("the command comes first, not '{}'", first.substr(0, first.find('='))),
                "p11csr --help lists the commands");
  return run_command(choose(arguments), arguments, streams);
}

int report(const Error& error, ErrorForm form, Streams& streams) {
  streams.err << error_text(error, form) << std::flush;
  return exit_code(error.code());
}

}  // namespace

int run_program(const std::vector<std::string>& arguments, Streams streams) {
  // What stands behind "--" is no option of ours.
  const auto options_end = std::find(arguments.begin(), arguments.end(), "--");
  const bool json = std::find(arguments.begin(), options_end, "--json") != options_end;
  const ErrorForm form = json ? ErrorForm::json : ErrorForm::words;
  try {
    const int code = run_arguments(arguments, streams);
    static_cast<void>(flush_data(streams));
    return code;
  } catch (const Error& error) {
    return report(error, form, streams);
  } catch (const std::exception& error) {
    return report(Error(Errc::unexpected, error.what(), "this is a defect of p11csr: please report it"), form, streams);
  }
}

}  // namespace p11csr::cli
