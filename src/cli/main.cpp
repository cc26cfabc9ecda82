#include <csignal>
#include <iostream>
#include <openssl/crypto.h>
#include <string>
#include <vector>

#include "cli/core_dumps.hpp"
#include "cli/program.hpp"

int main(int argc, char** argv) {
  // A peer that goes away (a reader of stdout, a module's daemon) is an error of one write, not the end of us.
  std::signal(SIGPIPE, SIG_IGN);
  // Likewise a file that grows beyond its limit.
  std::signal(SIGXFSZ, SIG_IGN);
  p11csr::cli::forbid_core_dumps();
  // A module may use OpenSSL to the very end, in whatever order libraries are unloaded; and taking down what goes with
  // the process anyway is 4 % of a request's time.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return p11csr::cli::run_program(arguments, p11csr::cli::Streams{std::cin, std::cout, std::cerr});
}
