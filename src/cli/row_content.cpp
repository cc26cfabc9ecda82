#include "cli/row_content.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>
#include <utility>

#include <p11csr/profile/name_template.hpp>

#include "model/ascii.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

bool begins_with_kind(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  try {
    static_cast<void>(profile::parse_san_kind(text.substr(0, colon)));
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool is_flag_column(std::string_view name) {
  constexpr std::array<std::string_view, 4> names = {"label", "id", "subject", "san"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_note_column(std::string_view name) { return name.starts_with('_'); }

void check_columns(const std::vector<std::string>& names, const std::vector<std::string>& known) {
  std::set<std::string> seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second)
      throw Error(Errc::malformed_input, fmt::format("the column {} is there twice", model::in_quotes(name)),
                  "give each column once");
    if (is_note_column(name) || std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::vector<std::string_view> list(known.begin(), known.end());
    throw Error(Errc::malformed_input, fmt::format("no column is called {}", model::in_quotes(name)),
                model::did_you_mean(
                    name, list,
                    fmt::format("the columns are {}; one for people only begins with '_'", model::join(list, ", "))));
  }
}

void check_width(std::size_t fields, std::size_t columns) {
  if (fields == columns) return;
  throw Error(Errc::malformed_input, fmt::format("{} fields, and the first row has {}", fields, columns),
              "give each column a field, and put one that holds the separator in quotation marks");
}

Error at_line(std::string_view path, std::uint64_t line, const Error& error) {
  return {error.code(), fmt::format("{}:{}: {}", model::printable(path), line, error.what()), error.hint(),
          error.call()};
}

ContentFlags with_row(ContentFlags flags, const RowFields& row) {
  for (const auto& [name, value] : row) {
    if (name == "label") flags.requested.label = value;
    if (name == "subject") flags.requested.subject = value;
    if (name == "san") flags.requested.san = split_names(value);
    if (!is_flag_column(name) && !is_note_column(name)) flags.set.push_back(fmt::format("{}={}", name, value));
  }
  return flags;
}

void use_label_as_pattern(ContentFlags& flags, profile::Profile& profile) {
  // Where the profile alone says it, the flag stays, and is refused.
  if (!flags.requested.label || !profile.flag_may_set(profile::Setting::label)) return;
  profile.label = {profile::TextTemplate::parse(*std::exchange(flags.requested.label, std::nullopt)),
                   profile::Origin::flag("--label")};
}

std::vector<std::string> open_fields(const profile::Profile& profile, const ContentFlags& flags) {
  auto names = profile::needed_fields(profile, flags.requested);
  const auto given = profile::FieldValues::parse(flags.set);
  std::erase_if(names, [&given](const std::string& name) { return given.find(name) != nullptr; });
  return names;
}

std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  for (const std::string_view piece : model::split(text, ';')) {
    const std::string_view name = without_blanks(piece);
    if (names.empty() || begins_with_kind(name))
      names.emplace_back(name);
    else
      names.back().append(";").append(piece);
  }
  std::erase_if(names, [](const std::string& name) { return name.empty(); });
  return names;
}

}  // namespace p11csr::cli
