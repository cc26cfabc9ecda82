#include "cli/command_help.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

#include <p11csr/model/error.hpp>

#include "cli/command_choice.hpp"
#include "cli/help.hpp"
#include "cli/help_topics.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

const HelpTopic* find_topic(const std::string& name) {
  const auto& topics = help_topics();
  const auto found =
      std::find_if(topics.begin(), topics.end(), [&name](const HelpTopic& topic) { return topic.name == name; });
  return found == topics.end() ? nullptr : &*found;
}

bool is_command(const std::string& name) {
  const auto& commands = all_commands();
  return std::any_of(commands.begin(), commands.end(),
                     [&name](const Command& command) { return command.name == name; });
}

Error unknown_topic(const std::string& name) {
  std::vector<std::string_view> names;
  for (const HelpTopic& topic : help_topics()) names.push_back(topic.name);
  for (const Command& command : all_commands()) names.emplace_back(command.name);
  return {Errc::usage, fmt::format("there is no help on {}", model::in_quotes(name)),
          model::did_you_mean(name, names, "p11csr help lists the commands and topics")};
}

std::string help_on(const std::vector<std::string>& words) {
  if (words.empty()) return program_help();
  if (is_command(words.front())) {
    const ChosenCommand chosen = choose_command(words);
    if (words.size() > chosen.arguments_from) throw unknown_topic(words[chosen.arguments_from]);
    return command_help(*chosen.command, chosen.path, HelpWanted::all);
  }
  const HelpTopic* topic = find_topic(words.front());
  if (topic == nullptr) throw unknown_topic(words.front());
  if (words.size() > 1) throw unknown_topic(words[1]);
  return topic->here == nullptr ? topic->text() : topic->text() + topic->here();
}

std::function<int(Streams&)> declare(Options& options) {
  const auto words = std::make_shared<std::vector<std::string>>();
  options.operands("[TOPIC]", *words, "a topic or a command; p11csr help alone lists them");
  return [words](Streams& streams) {
    streams.out << help_on(*words);
    return 0;
  };
}

}  // namespace

Command help_command() {
  return {"help",
          "explain a topic, or show all options of a command",
          {"p11csr help exit-codes", "p11csr help request", "p11csr help token info"},
          declare,
          {}};
}

}  // namespace p11csr::cli
