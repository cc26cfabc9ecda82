#include "profile/read_profile.hpp"

#include <algorithm>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "model/attribute_types.hpp"
#include "model/quote.hpp"
#include "model/utf8.hpp"
#include "profile/table_reader.hpp"

namespace p11csr::profile {

namespace {

const std::vector<std::string_view>& known_keys() {
  static const std::vector<std::string_view> keys = {
      "name",        "description", "extends",     "key",      "label",       "subject",
      "rdns",        "san",         "key_usage",   "critical", "extensions",  "extended_key_usage",
      "ms_template", "sid",         "tls_feature", "policies", "overridable", "basic_constraints",
      "locked",      "lint"};
  return keys;
}

Oid attribute_type(std::string_view name) {
  return model::parse_attribute_type(name, "use a short name such as CN or a dotted object identifier");
}

/// list_of turns a list of strings into what `parse` reads of them joined by commas, as the flag would have it.
template <typename Value>
std::optional<Sourced<Value>> list_of(const TableReader& reader, std::string_view key) {
  const auto names = reader.texts(key);
  if (!names) return std::nullopt;
  std::string list;
  for (const std::string& name : names->value) list += (list.empty() ? "" : ",") + name;
  return Sourced<Value>{reader.about(key, [&] { return Value::parse(list); }), names->origin};
}

std::string plain_text(std::string_view text) {
  if (text.empty()) throw Error(Errc::malformed_input, "the text is empty", "write something, or remove the key");
  model::check_text(text, model::in_quotes(text));
  return std::string(text);
}

TextTemplate text_template(std::string_view text) { return TextTemplate::parse(plain_text(text)); }

Setting critical_setting(std::string_view name) {
  const Setting setting = parse_setting(name);
  const auto may = {Setting::key_usage, Setting::extended_key_usage, Setting::basic_constraints, Setting::san};
  if (std::find(may.begin(), may.end(), setting) == may.end()) {
    throw Error(Errc::malformed_input, fmt::format("{} has no criticality of its own", model::in_quotes(name)),
                "key_usage, extended_key_usage, basic_constraints and san have; a raw extension says it itself");
  }
  return setting;
}

void read_key(const TableReader& reader, Profile& profile) {
  profile.allowed_keys = reader.each("allowed", AllowedKey::parse);
  profile.default_key = reader.parsed("default", parse_key_spec);
  profile.digest = reader.parsed("digest", parse_digest);
  profile.padding = reader.parsed("padding", parse_padding);
}

void read_rdns(const TableReader& reader, Profile& profile) {
  profile.fixed_rdns = reader.parsed("fixed", [](std::string_view text) {
    SubjectTemplate fixed = SubjectTemplate::parse(text);
    if (!fixed.has_multi_valued_rdn()) return fixed;
    throw Error(Errc::malformed_input, fmt::format("{} joins attributes with '+'", model::in_quotes(text)),
                "separate fixed attributes with commas");
  });
  profile.required_rdns = reader.each("required", attribute_type);
  profile.allowed_rdns = reader.each("allowed", attribute_type);
  profile.forbidden_rdns = reader.each("forbidden", attribute_type);
}

void read_san(const TableReader& reader, Profile& profile) {
  profile.san_names = reader.each("names", SanTemplate::parse);
  profile.allowed_san = reader.each("allowed", parse_san_kind);
  profile.required_san = reader.each("required", SanAlternatives::parse);
  profile.san_from_cn = reader.each("from_cn", [](std::string_view name) {
    const SanKind kind = parse_san_kind(name);
    if (kind == SanKind::dns || kind == SanKind::ip || kind == SanKind::email || kind == SanKind::upn) return kind;
    throw Error(Errc::malformed_input, fmt::format("a common name is never {}", model::in_quotes(name)),
                "the kinds are dns, ip, email, upn");
  });
}

void read_extensions(const TableReader& reader, Profile& profile) {
  profile.key_usage = list_of<KeyUsage>(reader, "key_usage");
  profile.extended_key_usage = list_of<ExtendedKeyUsage>(reader, "extended_key_usage");
  profile.basic_constraints = reader.parsed("basic_constraints", BasicConstraints::parse);
  profile.critical = reader.each("critical", critical_setting);
  profile.extensions = reader.each("extensions", RawExtension::parse);
  profile.ms_template = reader.parsed("ms_template", text_template);
  profile.sid = reader.parsed("sid", text_template);
  profile.tls_feature = reader.parsed("tls_feature", plain_text);
  profile.policies = reader.each("policies", CertificatePolicy::parse);
}

void read_lint(const TableReader& reader, const LintNames& names, Profile& profile) {
  const auto judged_by = [](const std::function<void(std::string_view)>& check) {
    return [&check](std::string_view name) {
      std::string text = TableReader::some_text(name);
      if (check) check(name);
      return text;
    };
  };
  profile.lint_rules = reader.each("rules", judged_by(names.check_set));
  profile.lint_ignored = reader.each("ignore", judged_by(names.check_rule));
}

void read_permissions(const TableReader& reader, Profile& profile) {
  for (const auto& [key, may] : {std::pair("overridable", true), std::pair("locked", false)}) {
    const auto settings = reader.each(key, [&profile](std::string_view name) {
      const Setting setting = parse_setting(name);
      if (profile.overridable.find(setting) == profile.overridable.end()) return setting;
      throw Error(Errc::malformed_input, fmt::format("{} is overridable and locked", model::in_quotes(name)),
                  "name it in one of the two");
    });
    if (!settings) continue;
    for (const Setting setting : settings->value) {
      profile.overridable.insert_or_assign(setting, Sourced<bool>{may, settings->origin});
    }
  }
}

void check_name(const TableReader& reader, const std::string& name) {
  static_cast<void>(reader.parsed("name", [&name](std::string_view text) {
    if (text == name) return true;
    throw Error(Errc::malformed_input,
                fmt::format("{} is not the name of the file, {}", model::in_quotes(text), model::in_quotes(name)),
                "a profile is called like its file, without .toml");
  }));
}

void check_default_key(const TableReader& reader, const Profile& profile) {
  if (!profile.default_key || !profile.allowed_keys) return;
  const auto& allowed = profile.allowed_keys->value;
  const bool covered = std::any_of(allowed.begin(), allowed.end(),
                                   [&](const AllowedKey& key) { return key.covers(profile.default_key->value); });
  if (!covered) {
    reader.refuse("default", "is not among the allowed kinds", "add it to key.allowed, or choose one of them");
  }
}

}  // namespace

ReadProfile read_profile(std::string_view text, const std::string& name, const std::string& file,
                         const LintNames& lint_names) {
  const TomlTable document = parse_toml(text, file);
  const TableReader reader(document, file, "", known_keys());
  check_name(reader, name);
  ReadProfile read{};
  Profile& profile = read.profile;
  profile.name = name;
  profile.files = {file};
  profile.description = reader.text("description");
  read.extends = reader.text("extends");
  const TableReader key = reader.table("key", {"allowed", "default", "digest", "padding"});
  read_key(key, profile);
  check_default_key(key, profile);
  profile.label = reader.parsed("label", text_template);
  profile.subject = reader.parsed("subject", SubjectTemplate::parse);
  read_rdns(reader.table("rdns", {"fixed", "required", "allowed", "forbidden"}), profile);
  read_san(reader.table("san", {"names", "allowed", "required", "from_cn"}), profile);
  read_extensions(reader, profile);
  read_lint(reader.table("lint", {"rules", "ignore"}), lint_names, profile);
  read_permissions(reader, profile);
  return read;
}

}  // namespace p11csr::profile
