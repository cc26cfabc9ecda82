#include <algorithm>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>
#include <p11csr/model/pin_source.hpp>
#include <p11csr/profile/site_defaults.hpp>

#include "model/ascii.hpp"
#include "model/quote.hpp"
#include "profile/table_reader.hpp"
#include "profile/text_file.hpp"

namespace p11csr::profile {

namespace {

constexpr std::string_view pin_hint = "say where it comes from with pin_source, such as file:PATH or credential:NAME";

std::string token_text(std::string_view text) {
  if (text.empty()) throw Error(Errc::malformed_input, "the text is empty", "write a label or a URI");
  if (model::lower(text).find("pin-value") != std::string::npos) {
    throw Error(Errc::malformed_input, "the URI holds a PIN", std::string(pin_hint));
  }
  return std::string(text);
}

std::string pin_source_text(std::string_view text) {
  static_cast<void>(parse_pin_source(text));
  return std::string(text);
}

std::string absolute_path(std::string_view text) {
  if (text.starts_with('/')) return std::string(text);
  throw Error(Errc::malformed_input, fmt::format("{} is no absolute path", model::in_quotes(text)),
              "write the whole path, beginning with '/'");
}

template <typename Value>
void put_over(std::optional<Value>& value, std::optional<Value>&& person) {
  if (person) value = std::move(person);
}

const std::vector<std::string_view>& keys() {
  static const std::vector<std::string_view> known = {"module",     "module_args", "token",
                                                      "pin_source", "profile",     "profile_folders"};
  return known;
}

void refuse_pins(const TomlTable& document, const std::string& file) {
  const std::vector<std::string_view> pins = {"pin", "user_pin", "so_pin", "pin_value"};
  std::vector<std::string_view> all = keys();
  all.insert(all.end(), pins.begin(), pins.end());
  const TableReader reader(document, file, "", all);
  for (const std::string_view pin : pins) {
    reader.refuse(pin, "would be a PIN, which never stands here", std::string(pin_hint));
  }
}

}  // namespace

SiteDefaults parse_site_defaults(std::string_view text, const std::string& file) {
  const TomlTable document = parse_toml(text, file);
  refuse_pins(document, file);
  const TableReader reader(document, file, "", keys());
  SiteDefaults defaults;
  defaults.module = reader.text("module");
  defaults.module_args = reader.text("module_args");
  defaults.token = reader.parsed("token", token_text);
  defaults.pin_source = reader.parsed("pin_source", pin_source_text);
  defaults.profile = reader.text("profile");
  defaults.profile_folders = reader.each("profile_folders", absolute_path);
  return defaults;
}

SiteDefaults read_site_defaults(const Places& places) {
  SiteDefaults defaults;
  auto folders = places.folders();
  std::reverse(folders.begin(), folders.end());
  for (const std::string& folder : folders) {
    const std::string path = folder + "/config.toml";
    const auto text = read_text_file(path);
    if (!text) continue;
    SiteDefaults nearer = parse_site_defaults(*text, path);
    put_over(defaults.module, std::move(nearer.module));
    put_over(defaults.module_args, std::move(nearer.module_args));
    put_over(defaults.token, std::move(nearer.token));
    put_over(defaults.pin_source, std::move(nearer.pin_source));
    put_over(defaults.profile, std::move(nearer.profile));
    put_over(defaults.profile_folders, std::move(nearer.profile_folders));
  }
  return defaults;
}

}  // namespace p11csr::profile
