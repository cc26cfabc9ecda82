#include "profile/permission.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "model/extension_oids.hpp"
#include "model/quote.hpp"

namespace p11csr::profile {

namespace {

struct ExtensionOfSetting {
  std::string_view oid;
  Setting setting;
};

constexpr std::array extensions_of_settings = {
    ExtensionOfSetting{model::key_usage_oid, Setting::key_usage},
    ExtensionOfSetting{model::subject_alt_name_oid, Setting::san},
    ExtensionOfSetting{model::basic_constraints_oid, Setting::basic_constraints},
    ExtensionOfSetting{model::certificate_policies_oid, Setting::policies},
    ExtensionOfSetting{model::extended_key_usage_oid, Setting::extended_key_usage},
    ExtensionOfSetting{model::template_name_oid, Setting::ms_template},
    ExtensionOfSetting{model::template_oid, Setting::ms_template},
    ExtensionOfSetting{model::security_identifier_oid, Setting::sid},
    ExtensionOfSetting{model::tls_feature_oid, Setting::tls_feature},
};

void check(const Profile& profile, bool given, Setting setting, std::string_view flag) {
  if (!given || profile.flag_may_set(setting)) return;
  throw Error(Errc::not_allowed,
              fmt::format("the profile {} does not allow {}: {} is not overridable", model::in_quotes(profile.name),
                          flag, setting_name(setting)),
              fmt::format("leave {} out, or use a profile with overridable = [\"{}\"]", flag, setting_name(setting)));
}

void check_raw(const Profile& profile, const std::string& text) {
  const RawExtension raw = RawExtension::parse(text);
  const std::string flag = "--extension " + raw.oid.dotted();
  const auto setting = setting_of_extension(raw.oid);
  if (setting) check(profile, true, *setting, flag);
  // What names are in a raw extension is not looked at.
  if (setting == Setting::san && (profile.allowed_san || profile.required_san)) {
    throw Error(
        Errc::not_allowed,
        fmt::format("the profile {} judges the names, which are not seen in {}", model::in_quotes(profile.name), flag),
        "give the names with --san");
  }
  // An extension that the profile has nothing to do with is an addition, not a replacement.
  const bool own = profile.extensions && std::any_of(profile.extensions->value.begin(), profile.extensions->value.end(),
                                                     [&](const RawExtension& other) { return other.oid == raw.oid; });
  const auto said = profile.overridable.find(Setting::extensions);
  const bool locked = said != profile.overridable.end() && !said->second.value;
  check(profile, own || locked, Setting::extensions, flag);
}

}  // namespace

std::optional<Setting> setting_of_extension(const Oid& oid) {
  const auto found = std::find_if(extensions_of_settings.begin(), extensions_of_settings.end(),
                                  [&](const ExtensionOfSetting& known) { return known.oid == oid.dotted(); });
  if (found == extensions_of_settings.end()) return std::nullopt;
  return found->setting;
}

bool has_critical(const Profile& profile, const Oid& oid) {
  const auto same = [&oid](const RawExtension& own) { return own.oid == oid && own.critical; };
  if (profile.extensions && std::any_of(profile.extensions->value.begin(), profile.extensions->value.end(), same))
    return true;
  const auto setting = setting_of_extension(oid);
  if (!setting) return false;
  const auto critical = profile.critical ? profile.critical->value : std::vector<Setting>();
  if (std::find(critical.begin(), critical.end(), *setting) != critical.end()) return true;
  // RFC 5280, 4.2.1.3 and 4.2.1.9: these are critical where the profile says nothing else.
  return (setting == Setting::key_usage || setting == Setting::basic_constraints) && profile.has_value(*setting);
}

void check_flags(const Profile& profile, const RequestedByFlags& flags) {
  check(profile, flags.subject.has_value(), Setting::subject, "--subject");
  check(profile, !flags.san.empty(), Setting::san, "--san");
  check(profile, flags.key.has_value(), Setting::key, "--generate");
  check(profile, flags.digest.has_value(), Setting::digest, "--digest");
  check(profile, flags.padding.has_value(), Setting::padding, "--padding");
  check(profile, flags.label.has_value(), Setting::label, "--label");
  check(profile, flags.key_usage.has_value(), Setting::key_usage, "--key-usage");
  check(profile, flags.extended_key_usage.has_value(), Setting::extended_key_usage, "--extended-key-usage");
  check(profile, flags.basic_constraints.has_value(), Setting::basic_constraints, "--basic-constraints");
  check(profile, flags.ms_template.has_value(), Setting::ms_template, "--ms-template");
  check(profile, flags.sid.has_value(), Setting::sid, "--sid");
  check(profile, flags.tls_feature.has_value(), Setting::tls_feature, "--tls-feature");
  check(profile, !flags.policies.empty(), Setting::policies, "--policy");
  check(profile, !flags.lint_rules.empty(), Setting::lint, "--rules");
  check(profile, !flags.lint_ignored.empty(), Setting::lint, "--ignore");
  for (const std::string& text : flags.extensions) check_raw(profile, text);
}

}  // namespace p11csr::profile
