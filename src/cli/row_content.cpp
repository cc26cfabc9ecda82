#include "cli/row_content.hpp"

#include <algorithm>
#include <array>

#include <p11csr/model/error.hpp>
#include <p11csr/profile/name_template.hpp>

#include "model/ascii.hpp"

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

ContentFlags with_row(ContentFlags flags, const RowFields& row) {
  for (const auto& [name, value] : row) {
    if (name == "label") flags.requested.label = value;
    if (name == "subject") flags.requested.subject = value;
    if (name == "san") flags.requested.san = split_names(value);
    if (!is_flag_column(name) && !is_note_column(name)) flags.set.push_back(name + "=" + value);
  }
  return flags;
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
