#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <p11csr/profile/profile.hpp>

#pragma GCC visibility push(default)
namespace p11csr::profile {

/// Places are the folders of the person and of the machine, as the environment names them.
struct Places {
  std::optional<std::string> xdg_config_home;  // $XDG_CONFIG_HOME; counts where it is absolute
  std::optional<std::string> home;             // $HOME, for ~/.config where there is no other
  std::string system = "/etc";

  /// folders are DIR/p11csr of the person, where there is one, and of the machine; in this order.
  [[nodiscard]] std::vector<std::string> folders() const;
};

/// profile_folders are where profiles are looked for: the person's, the machine's, then the configured ones.
[[nodiscard]] std::vector<std::string> profile_folders(const Places& places,
                                                       const std::vector<std::string>& configured);

/// LintNames judges the names of rule sets and rules, which are not the profiles' own: each throws Error, whose hint is
/// the nearest name, for one that there is not. What is empty lets every name pass.
struct LintNames {
  /// check_set judges the name of a rule set.
  std::function<void(std::string_view)> check_set;
  /// check_rule judges the name of a rule.
  std::function<void(std::string_view)> check_rule;
};

/// ListedProfile is one that can be chosen by name.
struct ListedProfile {
  std::string name;
  std::string file;
  std::string description;
  std::vector<std::string> hides;  // files of the same name further down the folders
  std::string problem;             // why it cannot be used; empty where it can
  std::string hint;                // what to try then; may be empty
};

/// Library finds profiles in folders and, behind them all, among the shipped ones.
class Library {
 public:
  /// Library of the folders, the first one first. They are read by find and list, not before.
  explicit Library(std::vector<std::string> folders, LintNames lint_names = {})
      : folders_(std::move(folders)), lint_names_(std::move(lint_names)) {}

  /// find reads a profile and what it extends. Text with a '/' or ending in ".toml" is a file, anything else a name.
  /// A profile that extends its own name means the next one of that name down the folders.
  /// Throws Error(usage) for an unknown name; its hint is the nearest one. Throws Error(malformed_input) for a file
  /// that breaks a rule and for profiles that extend each other in a circle, Error(file_failed) for one that cannot be
  /// read.
  [[nodiscard]] Profile find(std::string_view name_or_file) const;

  /// list gives all that find knows by name, in the order of the names.
  [[nodiscard]] std::vector<ListedProfile> list() const;

 private:
  std::vector<std::string> folders_;
  LintNames lint_names_;
};

}  // namespace p11csr::profile
#pragma GCC visibility pop
