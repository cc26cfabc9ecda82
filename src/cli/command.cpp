#include "cli/command.hpp"

namespace p11csr::cli {

std::function<int(Streams&)> declare_options(const Command& command, Options& options) {
  auto run = command.declare(options);
  options.mention({"-h, --help", "", "show the usual options, or all of them"});
  return run;
}

const std::vector<OptionText>& program_options() {
  static const std::vector<OptionText> options{
      {"-h, --help", "", "show the commands and the topics"},
      {"-V, --version", "", "show the version; with --json those of the libraries and the compiler too"}};
  return options;
}

}  // namespace p11csr::cli
