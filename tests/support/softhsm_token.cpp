#include "softhsm_token.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace p11csr::support {
namespace {

constexpr const char* configuration_variable = "SOFTHSM2_CONF";

std::filesystem::path make_folder() {
  std::string path = (std::filesystem::temp_directory_path() / "p11csr-token-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), "cannot make a folder for a token");
  }
  return path;
}

void write_configuration(const std::filesystem::path& folder) {
  std::filesystem::create_directory(folder / "tokens");
  std::ofstream file(folder / "softhsm2.conf");
  file << "directories.tokendir = " << (folder / "tokens").string() << '\n'
       << "objectstore.backend = file\n"
       << "log.level = ERROR\n"
       << "slots.removable = false\n";
  if (!file.flush()) throw std::runtime_error("cannot write softhsm2.conf");
}

/// run waits for a program whose output nobody wants to see and gives its exit code.
int run(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int problem = ::posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), ::environ);
  posix_spawn_file_actions_destroy(&actions);
  if (problem != 0) throw std::system_error(problem, std::generic_category(), words[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

SoftHsmToken::SoftHsmToken(std::string_view label) : label_(label), folder_(make_folder()) {
  if (const char* previous = std::getenv(configuration_variable)) previous_configuration_ = previous;
  try {
    write_configuration(folder_);
    ::setenv(configuration_variable, (folder_ / "softhsm2.conf").c_str(), 1);
    add_token(label);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
    throw;
  }
}

SoftHsmToken::~SoftHsmToken() {
  if (previous_configuration_.empty()) {
    ::unsetenv(configuration_variable);
  } else {
    ::setenv(configuration_variable, previous_configuration_.c_str(), 1);
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void SoftHsmToken::add_token(std::string_view label) {
  const int code = run({SOFTHSM2_UTIL, "--init-token", "--free", "--label", std::string(label), "--pin",
                        std::string(user_pin), "--so-pin", std::string(so_pin)});
  if (code != 0) throw std::runtime_error("softhsm2-util could not initialise token '" + std::string(label) + "'");
}

std::string SoftHsmToken::module_path() { return SOFTHSM2_MODULE; }

}  // namespace p11csr::support
