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

// What stands behind the name may be a secret: --pim=1234, -p1234.
std::string option_name(const std::string& argument) {
  if (argument.rfind("--", 0) != 0) return argument.substr(0, 2);
  return argument.substr(0, argument.find('='));
}

// Nothing that might be a value is quoted: somebody may have typed a PIN behind an option that does not exist.
Error unexpected_argument(const CLI::App& app, const std::string& argument) {
  if (argument.rfind('-', 0) != 0)
    return {Errc::usage, "an argument is too much; its text is not shown, since it may be a secret",
            "quote values with blanks; p11csr COMMAND --help shows the options"};
  const std::string name = option_name(argument);
  if (name == "--pin" || name == "--password")
    return {Errc::usage, fmt::format("there is no '{}': a PIN on the command line is visible to every user", name),
            "use --pin-source prompt, env:NAME, file:PATH, fd:N, command:CMD or credential:NAME"};
  std::vector<std::string> known;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& text : option->get_lnames()) known.push_back("--" + text);
  return {Errc::usage, fmt::format("unknown option {}", model::in_quotes(name)),
          model::did_you_mean(name, {known.begin(), known.end()}, "--help lists the options")};
}

// An empty value comes from a variable that is not set: --confirm "$HASH" must not mean that nothing is confirmed.
void refuse_empty_values(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const auto& values = option->results();
    if (option->get_name() == "--subject" || std::find(values.begin(), values.end(), "") == values.end()) continue;
    throw Error(Errc::usage, fmt::format("{} is empty", option->get_name()), "give it a value, or leave it away");
  }
}

// CLI11 repeats the value, which may be a secret, and says the rest in words of its own.
Error parse_failure(const CLI::ParseError& error) {
  const std::string text = error.what();
  const char* hint = "--help lists the options";
  const auto name_in = [&text](std::string_view before, std::string_view behind) {
    const auto start = text.find(before) + before.size();
    return text.substr(start, text.find(behind, start) - start);
  };
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr)
    return {Errc::usage, fmt::format("the value of {} cannot be read", name_in("convert: ", " = ")), hint};
  if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr)
    return {Errc::usage, fmt::format("the value of {} is not one that it takes", name_in("", ":")), hint};
  if (text.find(": At Most 1 required") != std::string::npos)
    return {Errc::usage, fmt::format("{} is given more than once", name_in("", ":")), "give it once"};
  return {Errc::usage, text, hint};
}

void parse(CLI::App& app, std::vector<std::string> arguments) {
  app.allow_extras();
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    throw parse_failure(error);
  }
  if (const auto extras = app.remaining(); !extras.empty()) throw unexpected_argument(app, extras.front());
  refuse_empty_values(app);
}

int run_command(const Chosen& chosen, const std::vector<std::string>& arguments, Streams& streams) {
  CLI::App app(chosen.command->summary);
  app.set_help_flag();
  const std::vector<std::string> own(arguments.begin() + static_cast<std::ptrdiff_t>(chosen.arguments_from),
                                     arguments.end());
  const HelpWanted help = help_wanted(own);
  if (!chosen.command->declare || help != HelpWanted::none) {
    if (chosen.command->declare) static_cast<void>(chosen.command->declare(app));
    const bool missing = help == HelpWanted::none;
    (missing ? streams.err : streams.out) << command_help(*chosen.command, chosen.path, app, help);
    return missing ? exit_code(Errc::usage) : 0;
  }
  const Run run = chosen.command->declare(app);
  parse(app, own);
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
    throw Error(Errc::usage, fmt::format("the command comes first, not {}", model::in_quotes(option_name(first))),
                "p11csr --help lists the commands");
  return run_command(choose(arguments), arguments, streams);
}

int report(const Error& error, ErrorForm form, Streams& streams) {
  streams.err << error_text(error, form) << std::flush;
  return exit_code(error.code());
}

}  // namespace

int run_program(const std::vector<std::string>& arguments, Streams streams) {
  const bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
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
