#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <p11csr/profile/library.hpp>
#include <p11csr/profile/origin.hpp>

#pragma GCC visibility push(default)
namespace p11csr::profile {

/// SiteDefaults are what config.toml says; values have the syntax of the flag of their name.
struct SiteDefaults {
  std::optional<Sourced<std::string>> module;
  std::optional<Sourced<std::string>> module_args;
  std::optional<Sourced<std::string>> token;
  std::optional<Sourced<std::string>> pin_source;
  std::optional<Sourced<std::string>> profile;
  std::optional<Sourced<std::vector<std::string>>> profile_folders;
};

/// parse_site_defaults reads the text of a config.toml; `file` is its name. A PIN is refused and not repeated.
/// Throws Error(malformed_input) that names file, line and column.
[[nodiscard]] SiteDefaults parse_site_defaults(std::string_view text, const std::string& file);

/// read_site_defaults reads the config.toml of the machine and puts that of the person over it; each may be missing.
/// Throws Error(malformed_input), and Error(file_failed) for one that is there and cannot be read.
[[nodiscard]] SiteDefaults read_site_defaults(const Places& places);

}  // namespace p11csr::profile
#pragma GCC visibility pop
