// Times whole processes side by side: one round runs each command once, in turn, so that what disturbs the machine
// disturbs all of them alike. The table says the median, the fastest run and the median's ratio to the first command.
// usage: whole_process [--rounds N] NAME=COMMAND...     words of COMMAND are separated by blanks, '…' keeps them
// together
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <iostream>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

struct Command {
  std::string name;
  std::vector<std::string> words;
  std::vector<double> wall;       // milliseconds, one a round
  std::vector<double> processor;  // user and system time
};

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  bool begun = false;
  for (const char each : text) {
    if (each == '\'') {
      quoted = !quoted;
      begun = true;
    } else if (each == ' ' && !quoted) {
      if (begun) words.push_back(std::move(word));
      word.clear();
      begun = false;
    } else {
      word += each;
      begun = true;
    }
  }
  if (begun) words.push_back(std::move(word));
  return words;
}

Command parse_command(const std::string& argument) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string::npos) throw std::invalid_argument("no NAME=COMMAND: '" + argument + "'");
  Command command{argument.substr(0, equals), split_words(std::string_view(argument).substr(equals + 1)), {}, {}};
  if (command.words.empty()) throw std::invalid_argument("no command in '" + argument + "'");
  return command;
}

/// Silence sends a child's stdout and stderr to /dev/null.
class Silence {
 public:
  Silence() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  ~Silence() { posix_spawn_file_actions_destroy(&actions_); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_ = {};
};

double in_milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

void run_once(Command& command, const Silence& silence) {
  std::vector<char*> arguments;
  for (std::string& word : command.words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const auto begin = std::chrono::steady_clock::now();
  pid_t child = 0;
  const int problem = ::posix_spawnp(&child, arguments[0], silence.get(), nullptr, arguments.data(), ::environ);
  if (problem != 0) throw std::system_error(problem, std::generic_category(), command.words[0]);
  int status = 0;
  rusage usage = {};
  if (::wait4(child, &status, 0, &usage) != child) throw std::system_error(errno, std::generic_category(), "wait4");
  const Milliseconds passed = std::chrono::steady_clock::now() - begin;
  if (status != 0) throw std::runtime_error(command.name + " failed with status " + std::to_string(status));
  command.wall.push_back(passed.count());
  command.processor.push_back(in_milliseconds(usage.ru_utime) + in_milliseconds(usage.ru_stime));
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

void print_table(const std::vector<Command>& commands) {
  std::printf("%-28s %12s %12s %12s %8s\n", "", "median ms", "fastest ms", "CPU ms", "ratio");
  const double first = median(commands.front().wall);
  for (const Command& each : commands) {
    const double typical = median(each.wall);
    std::printf("%-28s %12.2f %12.2f %12.2f %8.2f\n", each.name.c_str(), typical,
                *std::min_element(each.wall.begin(), each.wall.end()), median(each.processor), typical / first);
  }
}

void measure(std::vector<std::string> arguments) {
  unsigned long rounds = 100;
  if (arguments.size() >= 2 && arguments[0] == "--rounds") {
    rounds = std::max(1UL, std::stoul(arguments[1]));
    arguments.erase(arguments.begin(), arguments.begin() + 2);
  }
  std::vector<Command> commands;
  for (const std::string& argument : arguments) commands.push_back(parse_command(argument));
  if (commands.empty()) throw std::invalid_argument("usage: whole_process [--rounds N] NAME=COMMAND...");
  const Silence silence;
  // The first round only warms the caches.
  for (Command& each : commands) run_once(each, silence);
  for (Command& each : commands) {
    each.wall.clear();
    each.processor.clear();
  }
  for (unsigned long round = 0; round < rounds; ++round) {
    for (Command& each : commands) run_once(each, silence);
  }
  print_table(commands);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    measure({argv + 1, argv + argc});
  } catch (const std::exception& problem) {
    std::cerr << "whole_process: " << problem.what() << '\n';
    return 1;
  }
  return 0;
}
