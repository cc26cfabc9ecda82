#include <csignal>
#include <iostream>
#include <string>
#include <vector>

#include "cli/program.hpp"

int main(int argc, char** argv) {
  // A peer that goes away (a reader of stdout, a module's daemon) is an error of one write, not the end of us.
  std::signal(SIGPIPE, SIG_IGN);
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return p11csr::cli::run_program(arguments, p11csr::cli::Streams{std::cin, std::cout, std::cerr});
}
