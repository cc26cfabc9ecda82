#include "cli/program.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <p11csr/model/error.hpp>

#include "cli/command.hpp"
#include "cli/command_choice.hpp"
#include "cli/error_report.hpp"
#include "cli/exit_code.hpp"
#include "cli/help.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

constexpr const char* kEndOfOptions = "--";

using Run = std::function<int(Streams&)>;

// Nothing that might be a value is quoted: somebody may have typed a PIN behind an option that does not exist.
Error unexpected_argument(const CLI::App& app, const Command& command, const std::string& argument) {
  if (argument.rfind('-', 0) != 0)
    return {Errc::usage, "an argument is too much; its text is not shown, since it may be a secret",
            command.starts_a_program ? "write -- before the command that is to run"
                                     : "quote values with blanks; p11csr COMMAND --help shows the options"};
  // What hangs on a short option is its value.
  const std::string name =
      argument.rfind("--", 0) == 0 ? argument.substr(0, argument.find('=')) : argument.substr(0, 2);
  if (name == "--pin" || name == "--password")
    return {Errc::usage, fmt::format("there is no '{}': a PIN on the command line is visible to every user", name),
            "use --pin-source prompt, env:NAME, file:PATH, fd:N, command:CMD or credential:NAME"};
  std::vector<std::string> known;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& text : option->get_lnames()) known.push_back("--" + text);
  return {Errc::usage, fmt::format("unknown option {}", model::in_quotes(name)),
          model::did_you_mean(name, {known.begin(), known.end()}, "--help lists the options")};
}

void parse(CLI::App& app, const Command& command, std::vector<std::string> arguments) {
  app.allow_extras();
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    throw Error(Errc::usage, error.what(), "--help lists the options");
  }
  // CLI11 leaves "--" there in any case.
  const auto extras = app.remaining();
  if (command.starts_a_program && !extras.empty() && extras.front() == kEndOfOptions) return;
  const auto extra = std::find_if(extras.begin(), extras.end(), [](const auto& text) { return text != kEndOfOptions; });
  if (extra != extras.end()) throw unexpected_argument(app, command, *extra);
}

int run_command(const ChosenCommand& chosen, const std::vector<std::string>& arguments, Streams& streams) {
  const std::vector<std::string> own(arguments.begin() + static_cast<std::ptrdiff_t>(chosen.arguments_from),
                                     arguments.end());
  const HelpWanted help = help_wanted(own);
  if (!chosen.command->declare || help != HelpWanted::none) {
    const bool missing = help == HelpWanted::none;
    (missing ? streams.err : streams.out) << command_help(*chosen.command, chosen.path, help);
    return missing ? exit_code(Errc::usage) : 0;
  }
  CLI::App app(chosen.command->summary);
  app.set_help_flag();
  const Run run = chosen.command->declare(app);
  parse(app, *chosen.command, own);
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
  return run_command(choose_command(arguments), arguments, streams);
}

int report(const Error& error, ErrorForm form, Streams& streams) {
  streams.err << error_text(error, form) << std::flush;
  return exit_code(error.code());
}

}  // namespace

int run_program(const std::vector<std::string>& arguments, Streams streams) {
  // What stands behind "--" is no option of ours.
  const auto options_end = std::find(arguments.begin(), arguments.end(), kEndOfOptions);
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
