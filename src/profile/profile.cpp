#include <algorithm>

#include <p11csr/profile/profile.hpp>

namespace p11csr::profile {

namespace {

template <typename Value>
void keep_or_take(std::optional<Value>& value, std::optional<Value>& base) {
  if (!value) value = std::move(base);
}

void add_new(std::vector<std::string>& names, const std::vector<std::string>& more) {
  for (const std::string& name : more) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
}

}  // namespace

bool Profile::has_value(Setting setting) const {
  switch (setting) {
    case Setting::subject:
      return subject.has_value();
    case Setting::san:
      return san_names.has_value();
    case Setting::key:
      return default_key.has_value();
    case Setting::digest:
      return digest.has_value();
    case Setting::padding:
      return padding.has_value();
    case Setting::label:
      return label.has_value();
    case Setting::key_usage:
      return key_usage.has_value();
    case Setting::extended_key_usage:
      return extended_key_usage.has_value();
    case Setting::basic_constraints:
      return basic_constraints.has_value();
    case Setting::extensions:
      return extensions.has_value();
    case Setting::ms_template:
      return ms_template.has_value();
    case Setting::sid:
      return sid.has_value();
    case Setting::tls_feature:
      return tls_feature.has_value();
    case Setting::policies:
      return policies.has_value();
    case Setting::lint:
      return lint_rules.has_value() || lint_ignored.has_value();
  }
  return false;
}

bool Profile::flag_may_set(Setting setting) const {
  const auto said = overridable.find(setting);
  if (said != overridable.end()) return said->second.value;
  const bool open = setting == Setting::subject || setting == Setting::san || setting == Setting::key ||
                    setting == Setting::label || setting == Setting::lint;
  return open || !has_value(setting);
}

std::vector<std::string> Profile::fields() const {
  std::vector<std::string> names;
  for (const auto* rdns : {&subject, &fixed_rdns}) {
    if (*rdns) add_new(names, (*rdns)->value.fields());
  }
  if (san_names) {
    for (const SanTemplate& san : san_names->value) add_new(names, san.fields());
  }
  for (const auto* text : {&ms_template, &sid, &label}) {
    if (*text) add_new(names, (*text)->value.fields());
  }
  return names;
}

Profile over(Profile profile, Profile base) {
  profile.files.insert(profile.files.end(), base.files.begin(), base.files.end());
  keep_or_take(profile.description, base.description);
  keep_or_take(profile.allowed_keys, base.allowed_keys);
  keep_or_take(profile.default_key, base.default_key);
  keep_or_take(profile.digest, base.digest);
  keep_or_take(profile.padding, base.padding);
  keep_or_take(profile.label, base.label);
  keep_or_take(profile.subject, base.subject);
  keep_or_take(profile.fixed_rdns, base.fixed_rdns);
  keep_or_take(profile.required_rdns, base.required_rdns);
  keep_or_take(profile.allowed_rdns, base.allowed_rdns);
  keep_or_take(profile.forbidden_rdns, base.forbidden_rdns);
  keep_or_take(profile.san_names, base.san_names);
  keep_or_take(profile.allowed_san, base.allowed_san);
  keep_or_take(profile.required_san, base.required_san);
  keep_or_take(profile.san_from_cn, base.san_from_cn);
  keep_or_take(profile.key_usage, base.key_usage);
  keep_or_take(profile.extended_key_usage, base.extended_key_usage);
  keep_or_take(profile.basic_constraints, base.basic_constraints);
  keep_or_take(profile.critical, base.critical);
  keep_or_take(profile.extensions, base.extensions);
  keep_or_take(profile.ms_template, base.ms_template);
  keep_or_take(profile.sid, base.sid);
  keep_or_take(profile.tls_feature, base.tls_feature);
  keep_or_take(profile.policies, base.policies);
  keep_or_take(profile.lint_rules, base.lint_rules);
  keep_or_take(profile.lint_ignored, base.lint_ignored);
  profile.overridable.merge(base.overridable);
  return profile;
}

}  // namespace p11csr::profile
