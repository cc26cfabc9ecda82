#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>

#include <p11csr/model/error.hpp>
#include <p11csr/profile/library.hpp>

#include "model/ascii.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"
#include "profile/read_profile.hpp"
#include "profile/shipped_profiles.hpp"
#include "profile/text_file.hpp"

namespace p11csr::profile {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view extension = ".toml";

/// Source is the text of one profile. Folders are ranked by their order, the shipped profiles behind them all;
/// `next_rank` is where one that extends its own name goes on looking.
struct Source {
  std::string name;
  std::string file;
  std::string text;
  std::size_t next_rank;
};

bool is_file(std::string_view text) { return text.find('/') != std::string_view::npos || text.ends_with(extension); }

bool is_name(std::string_view text) {
  const auto fits = [](char c) {
    return model::is_alphanumeric(c) || std::string_view("-_.").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.front() != '.' && std::all_of(text.begin(), text.end(), fits);
}

std::optional<Source> shipped(std::string_view name, std::size_t rank) {
  for (const ShippedProfile& profile : kShippedProfiles) {
    if (profile.name == name) {
      return Source{std::string(name), fmt::format("shipped {}.toml", name), std::string(profile.text), rank + 1};
    }
  }
  return std::nullopt;
}

/// source_of looks for a name in the folders from `rank` on.
std::optional<Source> source_of(const std::vector<std::string>& folders, std::string_view name, std::size_t rank) {
  if (!is_name(name)) return std::nullopt;
  for (; rank < folders.size(); ++rank) {
    const std::string path = (fs::path(folders[rank]) / fmt::format("{}{}", name, extension)).string();
    if (auto text = read_text_file(path)) return Source{std::string(name), path, std::move(*text), rank + 1};
  }
  if (rank > folders.size()) return std::nullopt;
  return shipped(name, folders.size());
}

/// names_in are the profiles of a folder; a folder that cannot be read has none.
std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    std::string name = entry->path().stem().string();
    if (entry->path().extension() == extension && is_name(name)) names.push_back(std::move(name));
  }
  return names;
}

std::map<std::string, std::vector<std::size_t>> ranks_by_name(const std::vector<std::string>& folders) {
  std::map<std::string, std::vector<std::size_t>> ranks;
  for (std::size_t rank = 0; rank < folders.size(); ++rank) {
    for (const std::string& name : names_in(folders[rank])) ranks[name].push_back(rank);
  }
  for (const ShippedProfile& profile : kShippedProfiles) ranks[std::string(profile.name)].push_back(folders.size());
  return ranks;
}

Error unknown(std::string_view name, const std::vector<std::string>& folders) {
  const auto ranks = ranks_by_name(folders);
  std::vector<std::string_view> names;
  names.reserve(ranks.size());
  for (const auto& [known, where] : ranks) names.push_back(known);
  std::string searched;
  for (const std::string& folder : folders) searched += model::printable(folder) + ", ";
  return Error(Errc::usage,
               fmt::format("there is no profile {} (searched {}shipped profiles)", model::in_quotes(name), searched),
               model::did_you_mean(name, names, "p11csr profile list"));
}

Source file_source(const std::vector<std::string>& folders, const std::string& path) {
  auto text = read_text_file(path);
  if (!text) {
    throw Error(Errc::file_failed, fmt::format("there is no profile file {}", model::in_quotes(path)),
                "give an existing file, or a name that p11csr profile list shows");
  }
  const auto folder = std::find(folders.begin(), folders.end(), fs::path(path).parent_path().string());
  const auto next_rank = folder == folders.end() ? 0 : static_cast<std::size_t>(folder - folders.begin()) + 1;
  return {fs::path(path).stem().string(), path, std::move(*text), next_rank};
}

Source chosen(const std::vector<std::string>& folders, std::string_view name_or_file) {
  if (is_file(name_or_file)) return file_source(folders, std::string(name_or_file));
  auto source = source_of(folders, name_or_file, 0);
  if (!source) throw unknown(name_or_file, folders);
  return std::move(*source);
}

Source extended(const std::vector<std::string>& folders, const Source& by, const std::string& base) {
  if (is_file(base)) return file_source(folders, (fs::path(by.file).parent_path() / base).string());
  const bool own_name = base == by.name;
  auto source = source_of(folders, base, own_name ? by.next_rank : 0);
  if (!source && own_name) return by;
  if (!source) throw unknown(base, folders);
  return std::move(*source);
}

/// identity is equal for two paths of one file.
std::string identity(const Source& source) {
  std::error_code failed;
  const fs::path path = fs::weakly_canonical(source.file, failed);
  return failed ? source.file : path.string();
}

/// Chain is a profile and what it extends, so far.
class Chain {
 public:
  void add(const Source& source) {
    const std::string file = identity(source);
    const bool again = std::find(files_.begin(), files_.end(), file) != files_.end();
    text_ += (text_.empty() ? "" : " extends ") + model::printable(source.file);
    if (again) {
      throw Error(Errc::malformed_input, fmt::format("profiles extend each other in a circle: {}", text_),
                  "remove one of their extends");
    }
    files_.push_back(file);
  }

 private:
  std::vector<std::string> files_;
  std::string text_;
};

Profile assembled(const std::vector<std::string>& folders, Source source, const LintNames& lint_names) {
  Chain chain;
  std::vector<Profile> profiles;
  while (true) {
    chain.add(source);
    ReadProfile read = read_profile(source.text, source.name, source.file, lint_names);
    profiles.push_back(std::move(read.profile));
    if (!read.extends) break;
    try {
      source = Source(extended(folders, source, read.extends->value));
    } catch (const Error& error) {
      throw Error(error.code(), fmt::format("{}: extends: {}", read.extends->origin.text(), error.what()),
                  error.hint());
    }
  }
  Profile result = std::move(profiles.back());
  for (profiles.pop_back(); !profiles.empty(); profiles.pop_back()) {
    result = over(std::move(profiles.back()), std::move(result));
  }
  return result;
}

}  // namespace

std::vector<std::string> Places::folders() const {
  std::vector<std::string> folders;
  if (xdg_config_home && xdg_config_home->starts_with('/')) {
    folders.push_back(*xdg_config_home + "/p11csr");
  } else if (home && home->starts_with('/')) {
    folders.push_back(*home + "/.config/p11csr");
  }
  folders.push_back(system + "/p11csr");
  return folders;
}

std::vector<std::string> profile_folders(const Places& places, const std::vector<std::string>& configured) {
  std::vector<std::string> folders = places.folders();
  for (std::string& folder : folders) folder += "/profiles";
  folders.insert(folders.end(), configured.begin(), configured.end());
  return folders;
}

Profile Library::find(std::string_view name_or_file) const {
  return assembled(folders_, chosen(folders_, name_or_file), lint_names_);
}

std::vector<ListedProfile> Library::list() const {
  std::vector<ListedProfile> listed;
  const auto ranks_of = ranks_by_name(folders_);
  listed.reserve(ranks_of.size());
  for (const auto& [name, ranks] : ranks_of) {
    ListedProfile profile{name, {}, {}, {}, {}, {}};
    const auto file = [this, &profile](std::size_t rank) {
      return rank == folders_.size() ? fmt::format("shipped {}.toml", profile.name)
                                     : (fs::path(folders_[rank]) / (profile.name + std::string(extension))).string();
    };
    profile.file = file(ranks.front());
    for (auto rank = ranks.begin() + 1; rank != ranks.end(); ++rank) profile.hides.push_back(file(*rank));
    try {
      const Profile found = find(name);
      if (found.description) profile.description = found.description->value;
    } catch (const Error& error) {
      profile.problem = error.what();
      profile.hint = error.hint();
    }
    listed.push_back(std::move(profile));
  }
  return listed;
}

}  // namespace p11csr::profile
