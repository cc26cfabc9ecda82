#include "cli/man_page.hpp"

#include <algorithm>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/help.hpp"
#include "cli/help_topics.hpp"
#include "cli/roff.hpp"

namespace p11csr::cli {
namespace {

constexpr const char* kProgram = "p11csr";

std::string page_name(std::string path) {
  if (path == kProgram) return path;
  std::replace(path.begin(), path.end(), ' ', '-');
  return fmt::format("{}-{}", kProgram, path);
}

std::string head(const std::string& name, int section, const std::string& summary) {
  std::string title = name;
  std::transform(title.begin(), title.end(), title.begin(), [](unsigned char c) { return std::toupper(c); });
  return fmt::format(".TH {} {} \"\" \"p11csr {}\" \"p11csr manual\"\n.SH NAME\n{} \\- {}\n", roff_text(title), section,
                     P11CSR_VERSION, roff_text(name), roff_text(summary));
}

// An operand is a word to be replaced, and so is a value; "[-- COMMAND]" and "pem|der" are shown likewise.
std::string value_text(const std::string& value) { return fmt::format("\\fI{}\\fR", roff_text(value)); }

void add_synopsis(std::string& page, const Command& command, const std::string& path, const Options& options) {
  page += fmt::format(".SH SYNOPSIS\n\\fB{} {}\\fR", kProgram, roff_text(path));
  if (!command.subcommands.empty()) page += " " + value_text("COMMAND");
  page += fmt::format(" [{}]", value_text("OPTIONS"));
  for (const OptionText& option : options.texts())
    if (option.operand) page += " " + value_text(option.names);
  page += '\n';
}

void add_option(std::string& page, const OptionText& option) {
  std::string names;
  if (option.operand) {
    names = value_text(option.names);
  } else {
    names = fmt::format("\\fB{}\\fR", roff_text(option.names));
    if (!option.value.empty()) names += " " + value_text(option.value);
  }
  page += fmt::format(".TP\n{}\n{}\n", names, roff_text(option.description));
}

void add_options(std::string& page, const std::vector<OptionText>& options) {
  if (options.empty()) return;
  page += ".SH OPTIONS\n";
  // As help has them: the usual ones, then the others.
  for (const Rarity rarity : {Rarity::usual, Rarity::rare})
    for (const OptionText& option : options)
      if (option.rarity == rarity) add_option(page, option);
}

void add_commands(std::string& page, const std::vector<Command>& commands, const std::string& group) {
  page += ".SH COMMANDS\n";
  for (const Command& command : commands)
    page +=
        fmt::format(".TP\n\\fB{}\\fR(1)\n{}\n", roff_text(page_name(group + command.name)), roff_text(command.summary));
}

void add_examples(std::string& page, const std::vector<std::string>& examples) {
  if (examples.empty()) return;
  page += ".SH EXAMPLES\n";
  for (const std::string& example : examples) add_verbatim(page, example);
}

void add_exit_status(std::string& page) {
  page += ".SH EXIT STATUS\n";
  for (const ExitMeaning& row : exit_meanings()) {
    std::string meaning(row.meaning);
    meaning.erase(std::remove(meaning.begin(), meaning.end(), '`'), meaning.end());
    page += fmt::format(".TP\n{}\n{}\n", row.code, roff_text(meaning));
  }
}

void add_see_also(std::string& page, const std::vector<std::string>& names) {
  page += ".SH SEE ALSO\n";
  for (std::size_t at = 0; at < names.size(); ++at)
    page += fmt::format("{}{}\n", names[at], at + 1 < names.size() ? "," : "");
}

std::string reference(const std::string& name, int section) {
  return fmt::format("\\fB{}\\fR({})", roff_text(name), section);
}

std::vector<std::string> topic_references() {
  std::vector<std::string> names;
  for (const HelpTopic& topic : help_topics()) names.push_back(reference(page_name(std::string(topic.name)), 7));
  return names;
}

std::string take(Prose& prose, const std::string& path) {
  const auto found = prose.find(path);
  if (found == prose.end()) throw Error(Errc::malformed_input, fmt::format("no prose about '{}'", path));
  std::string text = std::move(found->second);
  prose.erase(found);
  return text;
}

ManPage program_page(Prose& prose) {
  std::string page = head(kProgram, 1, "make PKCS #10 requests for keys that never leave their PKCS #11 token");
  page += fmt::format(".SH SYNOPSIS\n\\fB{}\\fR {} [{}]\n.SH DESCRIPTION\n", kProgram, value_text("COMMAND"),
                      value_text("OPTIONS"));
  add_paragraphs(page, take(prose, kProgram));
  add_commands(page, all_commands(), "");
  add_options(page, program_options());
  add_examples(page, program_examples());
  add_exit_status(page);
  add_see_also(page, topic_references());
  return {"p11csr.1", page};
}

ManPage command_page(const Command& command, const std::string& group, Prose& prose) {
  const std::string path = group + command.name;
  Options options;
  if (command.declare) static_cast<void>(declare_options(command, options));
  std::string page = head(page_name(path), 1, command.summary);
  add_synopsis(page, command, path, options);
  page += ".SH DESCRIPTION\n";
  add_paragraphs(page, take(prose, path));
  if (!command.subcommands.empty()) add_commands(page, command.subcommands, path + " ");
  add_options(page, options.texts());
  add_examples(page, command.examples);
  add_exit_status(page);
  std::vector<std::string> others{reference(kProgram, 1)};
  if (!group.empty()) others.push_back(reference(page_name(group.substr(0, group.size() - 1)), 1));
  const auto topics = topic_references();
  others.insert(others.end(), topics.begin(), topics.end());
  add_see_also(page, others);
  return {page_name(path) + ".1", page};
}

void add_pages(std::vector<ManPage>& pages, const std::vector<Command>& commands, const std::string& group,
               Prose& prose) {
  for (const Command& command : commands) {
    pages.push_back(command_page(command, group, prose));
    add_pages(pages, command.subcommands, group + command.name + " ", prose);
  }
}

ManPage topic_page(const HelpTopic& topic) {
  const std::string name = page_name(std::string(topic.name));
  std::string page = head(name, 7, std::string(topic.summary));
  page += ".SH DESCRIPTION\n";
  add_verbatim(page, topic.text());
  add_see_also(page, {reference(kProgram, 1)});
  return {name + ".7", page};
}

}  // namespace

Prose parse_prose(std::string_view text) {
  Prose prose;
  std::string* page = nullptr;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("== ")) {
      const auto [added, is_new] = prose.try_emplace(std::string(line.substr(3)));
      if (!is_new) throw Error(Errc::malformed_input, fmt::format("two texts about '{}'", added->first));
      page = &added->second;
    } else if (page != nullptr) {
      page->append(line) += '\n';
    } else if (!line.empty() && line.front() != '#') {
      throw Error(Errc::malformed_input, "text before the first heading");
    }
  }
  return prose;
}

std::vector<ManPage> man_pages(const Prose& prose) {
  Prose left = prose;
  std::vector<ManPage> pages{program_page(left)};
  add_pages(pages, all_commands(), "", left);
  for (const HelpTopic& topic : help_topics()) pages.push_back(topic_page(topic));
  if (!left.empty())
    throw Error(Errc::malformed_input, fmt::format("prose about '{}', which is no command", left.begin()->first));
  return pages;
}

}  // namespace p11csr::cli
