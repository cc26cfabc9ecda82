#include "cli/site.hpp"

#include <array>
#include <ctime>

#include <p11csr/x509/lint.hpp>

#include "cli/environment.hpp"

namespace p11csr::cli {
namespace {

profile::Places places() { return {environment_value("XDG_CONFIG_HOME"), environment_value("HOME")}; }

}  // namespace

const profile::SiteDefaults& site_defaults() {
  static const profile::SiteDefaults defaults = profile::read_site_defaults(places());
  return defaults;
}

std::vector<std::string> config_files() {
  std::vector<std::string> files = places().folders();
  for (std::string& file : files) file += "/config.toml";
  return files;
}

profile::Library profile_library() {
  const auto& configured = site_defaults().profile_folders;
  return profile::Library(
      profile::profile_folders(places(), configured ? configured->value : std::vector<std::string>()),
      {[](std::string_view name) { static_cast<void>(x509::parse_rule_set(name)); }, x509::check_lint_rule});
}

profile::Sourced<profile::Profile> chosen_profile(const std::optional<std::string>& name) {
  profile::Sourced<std::string> chosen{name.value_or(""), profile::Origin::flag("--profile")};
  if (!name && site_defaults().profile) chosen = *site_defaults().profile;
  return {chosen.value.empty() ? profile::Profile() : profile_library().find(chosen.value), chosen.origin};
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::array<char, sizeof "2026-11-23"> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &local)};
}

}  // namespace p11csr::cli
