#include "cli/program.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <span>

#include <p11csr/model/error.hpp>

#include "cli/command.hpp"
#include "cli/command_choice.hpp"
#include "cli/completion.hpp"
#include "cli/error_report.hpp"
#include "cli/exit_code.hpp"
#include "cli/help.hpp"
#include "cli/version_report.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using Run = std::function<int(Streams&)>;

int run_command(const ChosenCommand& chosen, const std::vector<std::string>& arguments, Streams& streams) {
  const std::vector<std::string> own(arguments.begin() + static_cast<std::ptrdiff_t>(chosen.arguments_from),
                                     arguments.end());
  const HelpWanted help = help_wanted(own);
  if (!chosen.command->declare || help != HelpWanted::none) {
    const bool missing = help == HelpWanted::none;
    (missing ? streams.err : streams.out) << command_help(*chosen.command, chosen.path, help);
    return missing ? exit_code(Errc::usage) : 0;
  }
  Options options;
  const Run run = declare_options(*chosen.command, options);
  options.parse(own);
  return run(streams);
}

int run_arguments(const std::vector<std::string>& arguments, Streams& streams) {
  if (arguments.empty()) {
    streams.err << program_help();
    return exit_code(Errc::usage);
  }
  const std::string& first = arguments.front();
  if (first == "__complete") {  // for the scripts in completions/
    streams.out << completion_text(complete({arguments.begin() + 1, arguments.end()}));
    return 0;
  }
  if (first == "-h" || first == "--help") {
    streams.out << program_help();
    return 0;
  }
  if (first == "--version" || first == "-V") {
    streams.out << version_text(std::span(arguments).subspan(1));
    return 0;
  }
  if (first.rfind('-', 0) == 0)
    throw Error(Errc::usage, fmt::format("the command comes first, not {}", model::in_quotes(option_name(first))),
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
