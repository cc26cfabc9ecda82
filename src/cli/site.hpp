#pragma once

#include <optional>
#include <string>

#include <p11csr/profile/library.hpp>
#include <p11csr/profile/site_defaults.hpp>

namespace p11csr::cli {

/// site_defaults are those of config.toml, read once. Throws Error(malformed_input) or Error(file_failed).
[[nodiscard]] const profile::SiteDefaults& site_defaults();

/// config_files are the files that site_defaults looks for, the person's first.
[[nodiscard]] std::vector<std::string> config_files();

/// profile_library knows the profiles of the person, of the machine, of the configured folders, and the shipped ones.
[[nodiscard]] profile::Library profile_library();

/// chosen_profile is the one that --profile names, else config.toml's; an empty name chooses none. Without a choice the
/// result has no name and forbids nothing. The origin is that of the choice. Throws Error.
[[nodiscard]] profile::Sourced<profile::Profile> chosen_profile(const std::optional<std::string>& name);

/// today is the date where the program runs, such as "2026-11-23" (ISO 8601).
[[nodiscard]] std::string today();

}  // namespace p11csr::cli
