#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <p11csr/model/extension_request.hpp>
#include <p11csr/model/key_spec.hpp>
#include <p11csr/model/signature_algorithm.hpp>
#include <p11csr/profile/name_template.hpp>
#include <p11csr/profile/origin.hpp>
#include <p11csr/profile/text_template.hpp>

#pragma GCC visibility push(default)
namespace p11csr::profile {

/// Setting is what a flag may say too, and a profile may keep to itself.
enum class Setting {
  subject,
  san,
  key,
  digest,
  padding,
  label,
  key_usage,
  extended_key_usage,
  basic_constraints,
  extensions,
  ms_template,
  sid,
  tls_feature,
  policies,
  lint,
};

/// setting_name is the profile's key, such as "key_usage".
[[nodiscard]] std::string_view setting_name(Setting setting);
/// parse_setting throws Error(malformed_input) whose hint is the nearest name.
[[nodiscard]] Setting parse_setting(std::string_view name);

/// AllowedKey is a kind of key, or with or_larger an RSA key of at least so many bits.
struct AllowedKey {
  KeySpec key;
  bool or_larger = false;

  /// parse reads what --generate takes, and "rsa:3072+". Throws Error.
  [[nodiscard]] static AllowedKey parse(std::string_view text);
  /// covers tells whether the other key is such a one.
  [[nodiscard]] bool covers(const KeySpec& other) const;
  /// to_string gives what parse reads.
  [[nodiscard]] std::string to_string() const;
};

/// SanAlternatives are kinds of which one must be among the names: "dns|ip".
struct SanAlternatives {
  std::vector<SanKind> kinds;

  /// parse throws Error(malformed_input).
  [[nodiscard]] static SanAlternatives parse(std::string_view text);
  /// to_string gives what parse reads.
  [[nodiscard]] std::string to_string() const;
};

/// Profile says what a kind of request holds and what it must not; what it does not say is empty. Values that are text
/// have the syntax of the flag of their name.
struct Profile {
  std::string name;
  /// The files it is made of, itself first, then what it extends.
  std::vector<std::string> files;

  std::optional<Sourced<std::string>> description;
  std::optional<Sourced<std::vector<AllowedKey>>> allowed_keys;
  std::optional<Sourced<KeySpec>> default_key;
  std::optional<Sourced<Digest>> digest;
  std::optional<Sourced<Padding>> padding;
  std::optional<Sourced<TextTemplate>> label;

  std::optional<Sourced<SubjectTemplate>> subject;
  std::optional<Sourced<SubjectTemplate>> fixed_rdns;
  std::optional<Sourced<std::vector<Oid>>> required_rdns;
  std::optional<Sourced<std::vector<Oid>>> allowed_rdns;
  std::optional<Sourced<std::vector<Oid>>> forbidden_rdns;

  std::optional<Sourced<std::vector<SanTemplate>>> san_names;
  std::optional<Sourced<std::vector<SanKind>>> allowed_san;
  std::optional<Sourced<std::vector<SanAlternatives>>> required_san;
  /// The common name is a name too, of the first of these kinds that it can be.
  std::optional<Sourced<std::vector<SanKind>>> san_from_cn;

  std::optional<Sourced<KeyUsage>> key_usage;
  std::optional<Sourced<ExtendedKeyUsage>> extended_key_usage;
  std::optional<Sourced<BasicConstraints>> basic_constraints;
  /// Of key_usage, extended_key_usage, basic_constraints and san: those that are critical although RFC 5280 would not
  /// have it so.
  std::optional<Sourced<std::vector<Setting>>> critical;
  std::optional<Sourced<std::vector<RawExtension>>> extensions;
  std::optional<Sourced<TextTemplate>> ms_template;
  std::optional<Sourced<TextTemplate>> sid;
  std::optional<Sourced<std::string>> tls_feature;
  std::optional<Sourced<std::vector<CertificatePolicy>>> policies;

  std::optional<Sourced<std::vector<std::string>>> lint_rules;
  std::optional<Sourced<std::vector<std::string>>> lint_ignored;

  /// What the profile says of a setting: true where flags may replace its value, false where no flag may give one.
  std::map<Setting, Sourced<bool>> overridable;

  /// flag_may_set tells whether a flag may give a setting. Where the profile does not say: subject, names, key, label
  /// and lint yes, others only where the profile has no value of its own.
  [[nodiscard]] bool flag_may_set(Setting setting) const;
  /// has_value tells whether the profile says anything of a setting.
  [[nodiscard]] bool has_value(Setting setting) const;
  /// fields are the names that --set may fill, each once.
  [[nodiscard]] std::vector<std::string> fields() const;
};

/// over puts a profile over the one that it extends: each value that it has replaces the other's.
[[nodiscard]] Profile over(Profile profile, Profile base);

/// ShownValue is one line of what a profile says, for people.
struct ShownValue {
  std::string key;  // as in the file: "key.default"
  std::string value;
  Origin origin;
};

/// shown_values lists all that a profile says, in the order of docs/profiles.md.
[[nodiscard]] std::vector<ShownValue> shown_values(const Profile& profile);

}  // namespace p11csr::profile
#pragma GCC visibility pop
