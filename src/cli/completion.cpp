#include "cli/completion.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>

#include <p11csr/model/error.hpp>

#include "cli/command.hpp"
#include "cli/completion_values.hpp"
#include "cli/help_topics.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using Words = std::vector<std::string>;

bool has_name(const OptionText& option, const std::string& name) {
  return !option.operand && (", " + option.names + ",").find(", " + name + ",") != std::string::npos;
}

const OptionText* find_option(const Options& options, const std::string& name) {
  const auto found = std::find_if(options.texts().begin(), options.texts().end(),
                                  [&name](const OptionText& option) { return has_name(option, name); });
  return found == options.texts().end() ? nullptr : &*found;
}

/// Typed is what the words before the last one say.
struct Typed {
  const OptionText* waiting = nullptr;  // the option whose value the last word is
  std::size_t operands = 0;
  std::optional<std::size_t> rest;  // where the words behind "--" start
  TokenOptions token;
};

void note(TokenOptions& token, const std::string& name, const std::string& value) {
  if (name == "--module") token.module = value;
  if (name == "--module-args") token.module_arguments = value;
  if (name == "--token") token.token = value;
}

Typed read(const Options& options, const Words& words) {
  Typed typed;
  for (std::size_t at = 0; at + 1 < words.size(); ++at) {
    const std::string& word = words[at];
    if (word == "--") {
      typed.rest = at + 1;
      return typed;
    }
    if (typed.waiting != nullptr) {
      note(typed.token, typed.waiting->names, word);
      typed.waiting = nullptr;
      continue;
    }
    const auto equals = word.rfind("--", 0) == 0 ? word.find('=') : std::string::npos;
    const std::string name = word.substr(0, equals);
    const OptionText* option = find_option(options, name);
    if (equals != std::string::npos)
      note(typed.token, name, word.substr(equals + 1));
    else if (option != nullptr && !option->value.empty())
      typed.waiting = option;
    if (word == "--trust-module") typed.token.trust_module = true;
    if (word.empty() || word.front() != '-') ++typed.operands;
  }
  return typed;
}

void add_commands(Completion& completion, const std::vector<Command>& commands) {
  for (const Command& command : commands) completion.candidates.push_back({command.name, command.summary});
}

void add_options(Completion& completion, const std::vector<OptionText>& options) {
  for (const OptionText& option : options) {
    if (option.operand) continue;
    for (std::size_t start = 0; start != std::string::npos;) {
      const auto comma = option.names.find(", ", start);
      completion.candidates.push_back(
          {option.names.substr(start, comma == std::string::npos ? comma : comma - start), option.description});
      start = comma == std::string::npos ? comma : comma + 2;
    }
  }
}

// The value of an option behind its name and an equals sign.
Completion of_joined_value(const Options& options, const Typed& typed, const std::string& word, std::size_t equals) {
  const std::string name = word.substr(0, equals);
  const OptionText* option = find_option(options, name);
  if (option == nullptr) return {};
  Completion completion = values_of(*option, word.substr(equals + 1), typed.token);
  for (Candidate& candidate : completion.candidates) candidate.text.insert(0, name + "=");
  completion.before_path.insert(0, name + "=");
  return completion;
}

Completion of_leaf(const Command& command, const Words& words) {
  Options options;
  static_cast<void>(declare_options(command, options));
  const Typed typed = read(options, words);
  const std::string& word = words.back();
  if (typed.rest) {
    // A command of its own: p11csr again, or anything else.
    const bool again =
        words.size() > *typed.rest + 1 && words[*typed.rest].substr(words[*typed.rest].rfind('/') + 1) == "p11csr";
    if (again) return complete({words.begin() + static_cast<std::ptrdiff_t>(*typed.rest) + 1, words.end()});
    const bool is_name = words.size() == *typed.rest + 1 && word.find('/') == std::string::npos;
    return {{}, is_name ? Paths::commands : Paths::files, ""};
  }
  if (typed.waiting != nullptr) return values_of(*typed.waiting, word, typed.token);
  Completion completion;
  if (word.rfind('-', 0) == 0) {
    if (const auto equals = word.find('='); equals != std::string::npos)
      return of_joined_value(options, typed, word, equals);
    add_options(completion, options.texts());
    return completion;
  }
  std::size_t operand = 0;
  for (const OptionText& option : options.texts()) {
    if (!option.operand) continue;
    // The last one may be repeated, as a batch's ledgers are.
    if (operand++ <= typed.operands) completion = values_of(option, word, typed.token);
  }
  if (operand == 0) add_options(completion, options.texts());
  return completion;
}

Completion of_help(const Words& words) {
  Completion completion;
  const auto& commands = all_commands();
  if (words.size() == 1) {
    for (const HelpTopic& topic : help_topics())
      completion.candidates.push_back({std::string(topic.name), std::string(topic.summary)});
    add_commands(completion, commands);
  } else if (words.size() == 2) {
    for (const Command& command : commands)
      if (command.name == words.front()) add_commands(completion, command.subcommands);
  }
  return completion;
}

Completion of_words(const Words& words, const std::vector<Command>& commands) {
  Completion completion;
  if (words.size() == 1) {
    if (words.front().rfind('-', 0) != 0)
      add_commands(completion, commands);
    else if (&commands == &all_commands())
      add_options(completion, program_options());
    return completion;
  }
  const auto found =
      std::find_if(commands.begin(), commands.end(), [&](const Command& each) { return each.name == words.front(); });
  if (found == commands.end()) return completion;
  const Words rest(words.begin() + 1, words.end());
  if (found->name == "help" && rest.back().rfind('-', 0) != 0) return of_help(rest);
  return found->declare ? of_leaf(*found, rest) : of_words(rest, found->subcommands);
}

// Once each, and only those that begin with what was typed. A shell would show what is not printable as it is.
void keep_fitting(std::vector<Candidate>& candidates, const std::string& word) {
  std::set<std::string> seen;
  const auto unfit = [&](const Candidate& candidate) {
    return candidate.text.empty() || candidate.text.rfind(word, 0) != 0 ||
           model::printable(candidate.text) != candidate.text || !seen.insert(candidate.text).second;
  };
  candidates.erase(std::remove_if(candidates.begin(), candidates.end(), unfit), candidates.end());
}

const char* name_of(Paths paths) {
  switch (paths) {
    case Paths::files:
      return "files";
    case Paths::folders:
      return "folders";
    case Paths::commands:
      return "commands";
    case Paths::none:
      break;
  }
  return "-";
}

}  // namespace

Completion complete(const Words& words) {
  if (words.empty()) return {};
  Completion completion;
  try {
    completion = of_words(words, all_commands());
  } catch (const Error&) {  // what was typed so far makes no sense: nothing can come next
  }
  keep_fitting(completion.candidates, words.back());
  return completion;
}

std::string completion_text(const Completion& completion) {
  std::string text = fmt::format("{}\t{}\n", name_of(completion.paths), completion.before_path);
  for (const Candidate& candidate : completion.candidates)
    text += fmt::format("{}\t{}\n", candidate.text, model::printable(candidate.description));
  return text;
}

}  // namespace p11csr::cli
