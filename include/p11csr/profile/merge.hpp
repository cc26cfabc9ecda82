#pragma once

#include <optional>
#include <string>
#include <vector>

#include <p11csr/model/extension_request.hpp>
#include <p11csr/model/key_spec.hpp>
#include <p11csr/model/signature_algorithm.hpp>
#include <p11csr/model/subject.hpp>
#include <p11csr/profile/profile.hpp>

#pragma GCC visibility push(default)
namespace p11csr::profile {

/// RequestedByFlags is what flags say, as it was typed; what was not given is empty.
struct RequestedByFlags {
  std::optional<std::string> subject;
  std::vector<std::string> san;
  std::optional<std::string> key;  // --generate
  std::optional<std::string> digest;
  std::optional<std::string> padding;
  std::optional<std::string> label;
  std::optional<std::string> key_usage;
  std::optional<std::string> extended_key_usage;
  std::optional<std::string> basic_constraints;
  std::vector<std::string> extensions;
  std::optional<std::string> ms_template;
  std::optional<std::string> sid;
  std::optional<std::string> tls_feature;
  std::vector<std::string> policies;
  std::vector<std::string> lint_rules;
  std::vector<std::string> lint_ignored;
};

/// MergedRequest is what flags, profile and fields come to, and where each value came from. Values that are text have
/// the syntax of the flag of their name.
struct MergedRequest {
  Sourced<Subject> subject;
  std::vector<Sourced<std::string>> san;
  std::optional<Sourced<KeySpec>> key;  // to generate
  std::optional<Sourced<Digest>> digest;
  std::optional<Sourced<Padding>> padding;
  std::optional<Sourced<std::string>> label;
  std::optional<Sourced<KeyUsage>> key_usage;
  std::optional<Sourced<ExtendedKeyUsage>> extended_key_usage;
  std::optional<Sourced<BasicConstraints>> basic_constraints;
  std::vector<Setting> critical;  // see Profile::critical
  std::vector<Sourced<RawExtension>> extensions;
  std::optional<Sourced<std::string>> ms_template;
  std::optional<Sourced<std::string>> sid;
  std::optional<Sourced<std::string>> tls_feature;
  std::vector<Sourced<CertificatePolicy>> policies;
  std::vector<Sourced<std::string>> lint_rules;
  std::vector<Sourced<std::string>> lint_ignored;
};

/// merge puts flags over the profile, fills the profile's fields and judges the result by the profile.
/// The caller fills in {date}; in a label {cn} is the subject's common name. Throws Error(not_allowed) that names the
/// profile where it forbids what the flags say or the result lacks what it requires, Error(usage) for a field that is
/// not set and for a value of
/// --set that no field takes, Error(malformed_input) or Error(usage) for a flag or a value that cannot be read.
[[nodiscard]] MergedRequest merge(const Profile& profile, const RequestedByFlags& flags, const FieldValues& fields);

/// needed_fields names the fields that merge wants a value for, in the profile's order.
[[nodiscard]] std::vector<std::string> needed_fields(const Profile& profile, const RequestedByFlags& flags);

/// check_values judges what can be judged before all fields have a value: each attribute and name whose own fields
/// have. Throws Error(malformed_input), Error(usage), as merge does.
void check_values(const Profile& profile, const RequestedByFlags& flags, const FieldValues& fields);

/// shown_values lists all that was merged, by the keys of a profile: a line for each value.
[[nodiscard]] std::vector<ShownValue> shown_values(const MergedRequest& request);

/// check_key throws Error(not_allowed) where the profile has no room for such a key, made or found.
void check_key(const Profile& profile, const KeySpec& key);

}  // namespace p11csr::profile
#pragma GCC visibility pop
