#include <algorithm>
#include <fmt/format.h>
#include <set>

#include <p11csr/model/error.hpp>
#include <p11csr/model/general_name.hpp>
#include <p11csr/profile/merge.hpp>

#include "model/ascii.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"
#include "model/utf8.hpp"
#include "profile/derived_name.hpp"
#include "profile/judge.hpp"
#include "profile/permission.hpp"

namespace p11csr::profile {

namespace {

constexpr std::string_view common_name_field = "cn";
constexpr std::string_view date_field = "date";

std::string listed(const std::vector<std::string>& names) { return model::join({names.begin(), names.end()}, ", "); }

/// Merging is one merge: flags over profile, value by value, and the fields that were needed on the way.
class Merging {
 public:
  Merging(const Profile& profile, const RequestedByFlags& flags, FieldValues fields)
      : profile_(profile), flags_(flags), fields_(std::move(fields)) {}

  [[nodiscard]] MergedRequest run() {
    check_flags(profile_, flags_);
    find_needed_fields();
    check_fields();
    MergedRequest merged;
    merged.subject = subject();
    merged.san = names(merged.subject.value);
    if (!flags_.subject && profile_.san_from_cn) spell_common_name(merged);
    check_rdns(profile_, merged.subject.value);
    check_names(profile_, merged.san);
    merge_key(merged);
    merge_extensions(merged);
    merged.label = label(merged.subject.value);
    merge_lint(merged);
    return merged;
  }

  [[nodiscard]] std::vector<std::string> needed() {
    find_needed_fields();
    std::vector<std::string> names = profile_.fields();
    std::erase_if(names, [this](const std::string& name) { return needed_.count(name) == 0 || is_own(name); });
    return names;
  }

  void check_values() const {
    if (!flags_.subject && profile_.subject) profile_.subject->value.check(fields_);
    if (profile_.fixed_rdns) profile_.fixed_rdns->value.check(fields_);
    if (!flags_.san.empty() || !profile_.san_names) return;
    for (const SanTemplate& name : profile_.san_names->value)
      if (fields_.has_all(name.fields())) static_cast<void>(name.fill(fields_));
  }

 private:
  /// The program fills these in itself.
  static bool is_own(const std::string& name) { return name == common_name_field || name == date_field; }

  void need(const std::vector<std::string>& fields) { needed_.insert(fields.begin(), fields.end()); }
  template <typename Template>
  void need_unless(bool given, const std::optional<Sourced<Template>>& value) {
    if (!given && value) need(value->value.fields());
  }

  /// A field that only what a flag replaces would use is not needed.
  void find_needed_fields() {
    need_unless(flags_.subject.has_value(), profile_.subject);
    need_unless(false, profile_.fixed_rdns);
    if (flags_.san.empty() && profile_.san_names) {
      for (const SanTemplate& name : profile_.san_names->value) need(name.fields());
    }
    need_unless(flags_.ms_template.has_value(), profile_.ms_template);
    need_unless(flags_.sid.has_value(), profile_.sid);
    need_unless(flags_.label.has_value(), profile_.label);
  }

  void check_fields() const {
    std::vector<std::string> missing;
    for (const std::string& name : needed_) {
      if (fields_.find(name) == nullptr && name != common_name_field) missing.push_back(name);
    }
    if (!missing.empty()) {
      std::string hint;
      for (const std::string& name : missing) hint += fmt::format("{}--set {}=VALUE", hint.empty() ? "" : " ", name);
      throw Error(Errc::usage,
                  fmt::format("the profile {} needs values for its fields: {}", model::in_quotes(profile_.name),
                              listed(missing)),
                  std::move(hint));
    }
    for (const std::string& name : fields_.names()) check_use(name);
  }

  void check_use(const std::string& name) const {
    if (needed_.count(name) != 0) return;
    const auto known = profile_.fields();
    if (std::find(known.begin(), known.end(), name) != known.end()) {
      throw Error(Errc::usage, fmt::format("the field '{}' is set, but a flag replaces what holds it", name),
                  fmt::format("leave out --set {}=…, or the flag", name));
    }
    const std::string otherwise =
        known.empty() ? "the profile has no fields" : fmt::format("its fields are {}", listed(known));
    throw Error(Errc::usage, fmt::format("the profile {} has no field '{}'", model::in_quotes(profile_.name), name),
                model::did_you_mean(name, {known.begin(), known.end()}, otherwise));
  }

  [[nodiscard]] Sourced<Subject> subject() const {
    Sourced<Subject> result;
    if (flags_.subject) {
      result = {Subject::parse(*flags_.subject), Origin::flag("--subject")};
    } else if (profile_.subject) {
      result = {profile_.subject->value.fill(fields_), profile_.subject->origin};
    }
    if (!profile_.fixed_rdns) return result;
    if (result.value.empty()) result.origin = profile_.fixed_rdns->origin;
    result.value = with_fixed(profile_, result.value, profile_.fixed_rdns->value.fill(fields_));
    return result;
  }

  [[nodiscard]] std::vector<Sourced<std::string>> names(const Subject& subject) const {
    std::vector<Sourced<std::string>> result;
    for (const std::string& name : flags_.san) {
      static_cast<void>(parse_general_name(name));
      result.push_back({name, Origin::flag("--san")});
    }
    if (flags_.san.empty() && profile_.san_names) {
      for (const SanTemplate& name : profile_.san_names->value) {
        result.push_back({name.fill(fields_), profile_.san_names->origin});
      }
    }
    if (!profile_.san_from_cn) return result;
    const auto derived = name_from(subject.common_name(), profile_.san_from_cn->value);
    const auto is_derived = [&derived](const Sourced<std::string>& name) { return is_same_name(name.value, *derived); };
    if (derived && std::none_of(result.begin(), result.end(), is_derived)) {
      result.insert(result.begin(), {*derived, profile_.san_from_cn->origin});
    }
    return result;
  }

  /// What a template gave is written as the name that stands for it: in A-labels, and in the case of --san.
  void spell_common_name(MergedRequest& merged) const {
    const auto derived = name_from(merged.subject.value.common_name(), profile_.san_from_cn->value);
    if (!derived) return;
    for (const Sourced<std::string>& name : merged.san) {
      if (!is_same_name(name.value, *derived)) continue;
      merged.subject.value = with_common_name(merged.subject.value, value_of_name(name.value));
      return;
    }
  }

  void merge_key(MergedRequest& merged) const {
    merged.key = over_profile(flags_.key, "--generate", parse_key_spec, profile_.default_key);
    merged.digest = over_profile(flags_.digest, "--digest", parse_digest, profile_.digest);
    merged.padding = over_profile(flags_.padding, "--padding", parse_padding, profile_.padding);
    if (merged.key) check_key(profile_, merged.key->value);
  }

  void merge_extensions(MergedRequest& merged) const {
    merged.key_usage = over_profile(flags_.key_usage, "--key-usage", KeyUsage::parse, profile_.key_usage);
    merged.extended_key_usage = over_profile(flags_.extended_key_usage, "--extended-key-usage", ExtendedKeyUsage::parse,
                                             profile_.extended_key_usage);
    merged.basic_constraints = over_profile(flags_.basic_constraints, "--basic-constraints", BasicConstraints::parse,
                                            profile_.basic_constraints);
    if (profile_.critical) merged.critical = profile_.critical->value;
    merged.ms_template = filled(flags_.ms_template, "--ms-template", profile_.ms_template);
    merged.sid = filled(flags_.sid, "--sid", profile_.sid);
    merged.tls_feature = over_profile(
        flags_.tls_feature, "--tls-feature", [](const std::string& text) { return text; }, profile_.tls_feature);
    merged.policies = all_of(flags_.policies, "--policy", CertificatePolicy::parse, profile_.policies);
    for (const std::string& text : flags_.extensions) {
      merged.extensions.push_back({RawExtension::parse(text), Origin::flag("--extension")});
    }
    if (profile_.extensions) add_own_extensions(merged);
    drop_replaced(merged);
    // A raw extension says that it is critical, never that it is not.
    for (auto& raw : merged.extensions) {
      if (has_critical(profile_, raw.value.oid)) raw.value.critical = true;
    }
  }

  void add_own_extensions(MergedRequest& merged) const {
    for (const RawExtension& raw : profile_.extensions->value) {
      const auto same = [&raw](const Sourced<RawExtension>& given) { return given.value.oid == raw.oid; };
      if (std::none_of(merged.extensions.begin(), merged.extensions.end(), same)) {
        merged.extensions.push_back({raw, profile_.extensions->origin});
      }
    }
  }

  /// drop_replaced removes what a raw extension of the flags stands for instead.
  void drop_replaced(MergedRequest& merged) const {
    for (const std::string& text : flags_.extensions) {
      const auto setting = setting_of_extension(RawExtension::parse(text).oid);
      if (setting == Setting::key_usage && !flags_.key_usage) merged.key_usage.reset();
      if (setting == Setting::extended_key_usage && !flags_.extended_key_usage) merged.extended_key_usage.reset();
      if (setting == Setting::basic_constraints && !flags_.basic_constraints) merged.basic_constraints.reset();
      if (setting == Setting::san && flags_.san.empty()) merged.san.clear();
      if (setting == Setting::ms_template && !flags_.ms_template) merged.ms_template.reset();
      if (setting == Setting::sid && !flags_.sid) merged.sid.reset();
      if (setting == Setting::tls_feature && !flags_.tls_feature) merged.tls_feature.reset();
      if (setting == Setting::policies && flags_.policies.empty()) merged.policies.clear();
    }
  }

  [[nodiscard]] std::optional<Sourced<std::string>> label(const Subject& subject) {
    const std::string common_name = subject.common_name();
    if (!common_name.empty()) fields_.fill_in(std::string(common_name_field), common_name);
    auto result = filled(flags_.label, "--label", profile_.label);
    if (result) model::check_text(result->value, "the label");
    return result;
  }

  void merge_lint(MergedRequest& merged) const {
    const auto as_is = [](const std::string& text) { return text; };
    merged.lint_rules = all_of(flags_.lint_rules, "--rules", as_is, profile_.lint_rules);
    merged.lint_ignored = all_of({}, "", as_is, profile_.lint_ignored);
    for (const std::string& id : flags_.lint_ignored) merged.lint_ignored.push_back({id, Origin::flag("--ignore")});
  }

  template <typename Parse, typename Value>
  static std::optional<Sourced<Value>> over_profile(const std::optional<std::string>& typed, std::string_view flag,
                                                    Parse parse, const std::optional<Sourced<Value>>& own) {
    if (typed) return Sourced<Value>{parse(*typed), Origin::flag(flag)};
    return own;
  }

  template <typename Parse, typename Value>
  static std::vector<Sourced<Value>> all_of(const std::vector<std::string>& typed, std::string_view flag, Parse parse,
                                            const std::optional<Sourced<std::vector<Value>>>& own) {
    std::vector<Sourced<Value>> values;
    values.reserve(typed.size());
    for (const std::string& text : typed) values.push_back({parse(text), Origin::flag(flag)});
    if (!typed.empty() || !own) return values;
    for (const Value& value : own->value) values.push_back({value, own->origin});
    return values;
  }

  [[nodiscard]] std::optional<Sourced<std::string>> filled(const std::optional<std::string>& typed,
                                                           std::string_view flag,
                                                           const std::optional<Sourced<TextTemplate>>& own) const {
    if (typed) return Sourced<std::string>{*typed, Origin::flag(flag)};
    if (!own) return std::nullopt;
    return Sourced<std::string>{own->value.fill(fields_), own->origin};
  }

  const Profile& profile_;
  const RequestedByFlags& flags_;
  FieldValues fields_;
  std::set<std::string> needed_;
};

}  // namespace

MergedRequest merge(const Profile& profile, const RequestedByFlags& flags, const FieldValues& fields) {
  return Merging(profile, flags, fields).run();
}

std::vector<std::string> needed_fields(const Profile& profile, const RequestedByFlags& flags) {
  return Merging(profile, flags, {}).needed();
}

void check_values(const Profile& profile, const RequestedByFlags& flags, const FieldValues& fields) {
  Merging(profile, flags, fields).check_values();
}

void check_key(const Profile& profile, const KeySpec& key) {
  if (!profile.allowed_keys) return;
  const auto& allowed = profile.allowed_keys->value;
  if (std::any_of(allowed.begin(), allowed.end(), [&key](const AllowedKey& kind) { return kind.covers(key); })) return;
  std::vector<std::string> kinds;
  kinds.reserve(allowed.size());
  for (const AllowedKey& kind : allowed) kinds.push_back(kind.to_string());
  throw Error(
      Errc::not_allowed,
      fmt::format("the profile {} does not allow a key of the kind {}", model::in_quotes(profile.name), to_string(key)),
      fmt::format("it allows {}", listed(kinds)));
}

}  // namespace p11csr::profile
