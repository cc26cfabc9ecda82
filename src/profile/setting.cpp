#include <algorithm>
#include <array>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>
#include <p11csr/profile/profile.hpp>

#include "model/ascii.hpp"
#include "model/named.hpp"
#include "model/quote.hpp"

namespace p11csr::profile {

namespace {

using NamedSetting = model::Named<Setting>;

constexpr std::array named_settings = {
    NamedSetting{"subject", Setting::subject},
    NamedSetting{"san", Setting::san},
    NamedSetting{"key", Setting::key},
    NamedSetting{"digest", Setting::digest},
    NamedSetting{"padding", Setting::padding},
    NamedSetting{"label", Setting::label},
    NamedSetting{"key_usage", Setting::key_usage},
    NamedSetting{"extended_key_usage", Setting::extended_key_usage},
    NamedSetting{"basic_constraints", Setting::basic_constraints},
    NamedSetting{"extensions", Setting::extensions},
    NamedSetting{"ms_template", Setting::ms_template},
    NamedSetting{"sid", Setting::sid},
    NamedSetting{"tls_feature", Setting::tls_feature},
    NamedSetting{"policies", Setting::policies},
    NamedSetting{"lint", Setting::lint},
};

}  // namespace

std::string_view setting_name(Setting setting) { return model::name_of(named_settings, setting); }

Setting parse_setting(std::string_view name) {
  return model::parse_named(named_settings, name, model::Case::matters, "setting", "settings");
}

AllowedKey AllowedKey::parse(std::string_view text) {
  const bool or_larger = text.ends_with('+');
  const AllowedKey allowed{parse_key_spec(or_larger ? text.substr(0, text.size() - 1) : text), or_larger};
  if (or_larger && !std::holds_alternative<RsaKey>(allowed.key)) {
    throw Error(Errc::malformed_input,
                fmt::format("{} asks for more than a kind that has one size", model::in_quotes(text)),
                "only rsa: takes a '+'");
  }
  return allowed;
}

bool AllowedKey::covers(const KeySpec& other) const {
  const auto* least = std::get_if<RsaKey>(&key);
  const auto* given = std::get_if<RsaKey>(&other);
  if (or_larger && least != nullptr && given != nullptr) return given->bits >= least->bits;
  return key == other;
}

std::string AllowedKey::to_string() const { return p11csr::to_string(key) + (or_larger ? "+" : ""); }

SanAlternatives SanAlternatives::parse(std::string_view text) {
  SanAlternatives alternatives;
  for (const auto name : model::split(text, '|')) alternatives.kinds.push_back(parse_san_kind(model::trimmed(name)));
  return alternatives;
}

std::string SanAlternatives::to_string() const {
  std::vector<std::string_view> names;
  names.reserve(kinds.size());
  for (const SanKind kind : kinds) names.push_back(san_kind_name(kind));
  return model::join(names, "|");
}

}  // namespace p11csr::profile
