#include "cli/terminal.hpp"

#include <fcntl.h>
#include <fstream>
#include <unistd.h>

#include <p11csr/model/error.hpp>

namespace p11csr::cli {

bool can_prompt() {
  const int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return false;
  close(fd);
  return true;
}

bool asks_yes(const std::string& question, const std::string& hint) {
  std::ifstream in("/dev/tty");
  std::ofstream out("/dev/tty");
  if (!in || !out) throw Error(Errc::usage, "there is no terminal to ask at; nothing was done", hint);
  out << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(in, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace p11csr::cli
