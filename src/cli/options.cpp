#include "cli/options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include <p11csr/model/error.hpp>

#include "model/nearest.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

std::string spaced(const std::string& names) {
  std::string text = names;
  if (const auto comma = text.find(','); comma != std::string::npos) text.insert(comma + 1, " ");
  return text;
}

Error unknown_option(const std::string& argument, const CLI::App& app) {
  const std::string name = option_name(argument);
  if (name == "--pin" || name == "--password")
    return {Errc::usage, fmt::format("there is no '{}': a PIN on the command line is visible to every user", name),
            "use --pin-source prompt, env:NAME, file:PATH, fd:N, command:CMD or credential:NAME"};
  std::vector<std::string> known;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& text : option->get_lnames()) known.push_back("--" + text);
  return {Errc::usage, fmt::format("unknown option {}", model::in_quotes(name)),
          model::did_you_mean(name, {known.begin(), known.end()}, "--help lists the options")};
}

Error unexpected_argument(const std::string& argument, const CLI::App& app, bool takes_rest) {
  if (argument.rfind('-', 0) == 0) return unknown_option(argument, app);
  return {
      Errc::usage, "an argument is too much; its text is not shown, since it may be a secret",
      takes_rest ? "write -- before the command that is to run" : "quote values with blanks; --help shows the options"};
}

// CLI11 repeats the value, which may be a secret, and says the rest in words of its own.
Error parse_failure(const CLI::ParseError& error) {
  const std::string text = error.what();
  const char* hint = "--help lists the options";
  const auto name_in = [&text](std::string_view before, std::string_view behind) {
    const auto start = text.find(before) + before.size();
    return text.substr(start, text.find(behind, start) - start);
  };
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr)
    return {Errc::usage, fmt::format("the value of {} cannot be read", name_in("convert: ", " = ")), hint};
  if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr)
    return {Errc::usage, fmt::format("the value of {} is not one that it takes", name_in("", ":")), hint};
  if (text.find(" required ") != std::string::npos && text.rfind(" missing") != std::string::npos)
    return {Errc::usage, fmt::format("the value of {} is missing", name_in("", ":")), hint};
  if (text.find(": At Most 1 required") != std::string::npos)
    return {Errc::usage, fmt::format("{} is given more than once", name_in("", ":")), "give it once"};
  return {Errc::usage, text, hint};
}

Error empty_value(const std::string& option) {
  return {Errc::usage, fmt::format("{} is empty", option), "give it a value, or leave it away"};
}

// CLI11 2.5 and later read a value like '[[aa]]' as an escaped '[a]'; '[[[[aaaa]]]]' is the value itself to them.
std::string escaped(const std::string& value) {
  if (value.size() < 4 || value.rfind("[[", 0) != 0 || value.substr(value.size() - 2) != "]]") return value;
  std::string result = "[[";
  for (const char character : value.substr(1, value.size() - 2)) result.append(2, character);
  return result + "]]";
}

// The value may be an argument of its own, or stand behind the name of its option.
std::string escaped_argument(const std::string& argument) {
  const auto equals = argument.rfind("--", 0) == 0 ? argument.find('=') : std::string::npos;
  if (equals == std::string::npos) return escaped(argument);
  return argument.substr(0, equals + 1) + escaped(argument.substr(equals + 1));
}

bool reads_escapes() {
  CLI::App app;
  std::string value;
  app.add_option("value", value);
  app.parse(std::vector<std::string>{"[[aa]]"});
  return value == "[a]";
}

}  // namespace

struct Options::Parser {
  CLI::App app;
  std::vector<const CLI::Option*> may_be_empty;

  // CLI11 would take an empty value for none; here an empty one was given, too.
  CLI::Option* optional(const std::string& names, std::optional<std::string>& value) {
    return app.add_option_function<std::string>(names, [&value](const std::string& given) { value = given; });
  }

  // An empty value comes from a variable that is not set: --confirm "$HASH" must not mean that nothing is confirmed.
  void refuse_empty_values() const {
    for (const CLI::Option* option : app.get_options()) {
      const auto& values = option->results();
      if (std::find(values.begin(), values.end(), "") == values.end()) continue;
      if (std::find(may_be_empty.begin(), may_be_empty.end(), option) != may_be_empty.end()) continue;
      throw empty_value(option->get_name());
    }
  }
};

Options::Options() : parser_(std::make_unique<Parser>()) {
  parser_->app.set_help_flag();
  parser_->app.allow_extras();
}

Options::~Options() = default;

void Options::text(const std::string& names, std::string& value, const std::string& type,
                   const std::string& description, Rarity rarity) {
  parser_->app.add_option(names, value);
  texts_.push_back({spaced(names), type, description, rarity, false});
}

void Options::text(const std::string& names, std::optional<std::string>& value, const std::string& type,
                   const std::string& description, Rarity rarity) {
  parser_->optional(names, value);
  texts_.push_back({spaced(names), type, description, rarity, false});
}

void Options::text_or_empty(const std::string& names, std::optional<std::string>& value, const std::string& type,
                            const std::string& description, Rarity rarity) {
  parser_->may_be_empty.push_back(parser_->optional(names, value));
  texts_.push_back({spaced(names), type, description, rarity, false});
}

void Options::list(const std::string& names, std::vector<std::string>& values, const std::string& type,
                   const std::string& description, Rarity rarity) {
  // One value by one: of a vector, CLI11 takes '[a,b]' apart, and lets it swallow what follows.
  parser_->app
      .add_option_function<std::string>(names,
                                        [&values, names](const std::string& given) {
                                          if (given.empty()) throw empty_value(names);
                                          values.push_back(given);
                                        })
      ->trigger_on_parse();
  texts_.push_back({spaced(names), type, description, rarity, false});
}

void Options::number(const std::string& names, unsigned& value, unsigned most, const std::string& type,
                     const std::string& description, Rarity rarity) {
  parser_->app.add_option(names, value)->check(CLI::Range(1U, most));
  texts_.push_back({spaced(names), type, description, rarity, false});
}

void Options::flag(const std::string& names, bool& value, const std::string& description, Rarity rarity) {
  parser_->app.add_flag(names, value);
  texts_.push_back({spaced(names), "", description, rarity, false});
}

std::string bare_operand(const std::string& name) {
  return name.rfind('[', 0) == 0 ? name.substr(1, name.size() - 2) : name;
}

void Options::operand(const std::string& name, const std::string& option, std::string& value,
                      const std::string& description) {
  const std::string bare = bare_operand(name);
  parser_->app.add_option(option.empty() ? bare : bare + "," + option, value);
  texts_.push_back({name, "", description, Rarity::usual, true});
}

void Options::operands(const std::string& name, std::vector<std::string>& values, const std::string& description) {
  parser_->app.add_option(bare_operand(name), values);
  texts_.push_back({name, "", description, Rarity::usual, true});
}

void Options::rest(const std::string& name, std::vector<std::string>& words, const std::string& description) {
  rest_ = &words;
  texts_.push_back({name, "", description, Rarity::usual, true});
}

void Options::parse(std::vector<std::string> arguments) {
  if (rest_ != nullptr) {
    const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
    if (dashes != arguments.end()) rest_->assign(dashes + 1, arguments.end());
    arguments.erase(dashes, arguments.end());
  }
  std::vector<std::string> safe;
  std::transform(arguments.begin(), arguments.end(), std::back_inserter(safe), escaped_argument);
  if (safe != arguments && reads_escapes()) arguments = std::move(safe);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    parser_->app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    throw parse_failure(error);
  }
  const auto extras = parser_->app.remaining();
  // CLI11 leaves "--" there in any case.
  const auto extra = std::find_if(extras.begin(), extras.end(), [](const std::string& text) { return text != "--"; });
  if (extra != extras.end()) throw unexpected_argument(*extra, parser_->app, rest_ != nullptr);
  parser_->refuse_empty_values();
}

std::string option_name(const std::string& argument) {
  if (argument.rfind("--", 0) != 0) return argument.substr(0, 2);
  return argument.substr(0, argument.find('='));
}

}  // namespace p11csr::cli
