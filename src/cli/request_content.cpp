#include "cli/request_content.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/description.hpp>

#include "cli/content_source.hpp"
#include "cli/pin_input.hpp"
#include "cli/site.hpp"
#include "model/extension_oids.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using profile::MergedRequest;
using profile::Profile;
using profile::Setting;

void set_critical(ExtensionRequest& extensions, Setting setting) {
  if (setting == Setting::san) extensions.names_critical = true;
  if (setting == Setting::key_usage) extensions.key_usage_critical = true;
  if (setting == Setting::extended_key_usage) extensions.extended_key_usage_critical = true;
  if (setting == Setting::basic_constraints) extensions.basic_constraints_critical = true;
}

void add_security_identifier(ExtensionRequest& extensions, const MergedRequest& merged, const std::string& form) {
  if (!form.empty() && form != "extension" && form != "uri")
    throw Error(Errc::usage, fmt::format("--sid-form {} is not known", model::in_quotes(form)), "say extension or uri");
  if (!merged.sid) {
    if (!form.empty())
      throw Error(Errc::usage, "--sid-form was given and no --sid", "give the SID with --sid S-1-5-21-…");
    return;
  }
  auto identifier = SecurityIdentifier::parse(merged.sid->value);
  if (form == "uri")
    extensions.subject_alt_names.emplace_back(UniformResourceIdentifier{identifier.uri()});
  else
    extensions.security_identifier = std::move(identifier);
}

/// put_extensions puts what flags and profile say over what a file gave; what they do not mention stays.
void put_extensions(ExtensionRequest& result, const MergedRequest& merged, const std::string& sid_form) {
  if (!merged.san.empty()) result.subject_alt_names.clear();
  for (const auto& name : merged.san) result.subject_alt_names.push_back(parse_general_name(name.value));
  if (merged.key_usage) result.key_usage = merged.key_usage->value;
  if (merged.extended_key_usage) result.extended_key_usage = merged.extended_key_usage->value;
  if (merged.basic_constraints) result.basic_constraints = merged.basic_constraints->value;
  for (const Setting setting : merged.critical) set_critical(result, setting);
  if (!merged.policies.empty()) result.policies.clear();
  for (const auto& policy : merged.policies) result.policies.push_back(policy.value);
  if (merged.tls_feature) result.tls_features = TlsFeatures::parse(merged.tls_feature->value);
  if (merged.ms_template) result.certificate_template = parse_certificate_template(merged.ms_template->value);
  add_security_identifier(result, merged, sid_form);
  for (const auto& raw : merged.extensions) result.raw.push_back(raw.value);
}

/// replaced_by is what a file need not say, since the flags do.
x509::Replaced replaced_by(const ContentFlags& flags) {
  const MergedRequest merged = profile::merge(Profile(), flags.requested, {});
  x509::Replaced replaced{flags.requested.subject.has_value(), flags.requested.digest.has_value(), {}};
  ExtensionRequest said;
  put_extensions(said, merged, "");
  for (const model::TypedExtension& extension : model::typed_extensions(said))
    if (extension.given) replaced.extensions.push_back(Oid::parse(extension.oid));
  for (const auto& raw : merged.extensions) replaced.extensions.push_back(raw.value.oid);
  return replaced;
}

/// NamesOfFile tells which names count because a file gives them and no flag does.
struct NamesOfFile {
  bool subject = false;
  bool san = false;
};

NamesOfFile add_names(profile::RequestedByFlags& requested, const x509::RequestSource& source) {
  NamesOfFile added{!requested.subject && !source.subject.empty(),
                    requested.san.empty() && !source.extensions.subject_alt_names.empty()};
  if (added.subject) requested.subject = source.subject.to_string();
  if (!added.san) return added;
  for (const GeneralName& name : source.extensions.subject_alt_names) requested.san.push_back(to_string(name));
  return added;
}

const char* file_flag(const ContentFlags& flags) { return flags.from.empty() ? "--openssl-config" : "--from"; }

/// set_name_origins lets the names that a file gave be told from what a flag of their own did.
void set_name_origins(MergedRequest& merged, const NamesOfFile& names, const char* flag) {
  if (names.subject) merged.subject.origin = profile::Origin::flag(flag);
  if (!names.san) return;
  for (auto& name : merged.san) {
    if (name.origin == profile::Origin::flag("--san")) name.origin = profile::Origin::flag(flag);
  }
}

template <typename Value>
void settle(std::optional<profile::Sourced<Value>>& setting, const std::optional<Value>& of_file, const char* flag) {
  if (!setting && of_file) setting = {*of_file, profile::Origin::flag(flag)};
}

/// settle_extensions puts those of a file that no flag replaces among the settings; raw ones go before the flags'.
void settle_extensions(MergedRequest& merged, ExtensionRequest& file, const char* flag) {
  settle(merged.key_usage, file.key_usage, flag);
  settle(merged.extended_key_usage, file.extended_key_usage, flag);
  settle(merged.basic_constraints, file.basic_constraints, flag);
  std::vector<profile::Sourced<RawExtension>> raw;
  for (RawExtension& extension : std::exchange(file.raw, {}))
    raw.push_back({std::move(extension), profile::Origin::flag(flag)});
  merged.extensions.insert(merged.extensions.begin(), raw.begin(), raw.end());
}

/// leave_to_profile takes away what a file says besides names, and gives it: under a profile those alone count.
x509::RequestSource leave_to_profile(x509::RequestSource& source) { return std::exchange(source, {}); }

/// say_what_the_profile_left_out tells of each extension of a file that the request does not have as the file does.
void say_what_the_profile_left_out(const x509::RequestSource& file, const RequestSpec& spec,
                                   const std::function<void(const std::string&)>& say) {
  const auto final = x509::describe_extensions(spec);
  ExtensionRequest extensions = file.extensions;
  extensions.subject_alt_names = spec.extensions().subject_alt_names;
  for (const auto& wanted : x509::describe_extensions(RequestSpec(spec.subject(), std::move(extensions), {}))) {
    if (wanted.oid == model::subject_alt_name_oid) continue;
    const bool is_there = std::any_of(final.begin(), final.end(), [&wanted](const auto& each) {
      return each.oid == wanted.oid && each.value == wanted.value;
    });
    if (is_there) continue;
    const std::string name = wanted.name == wanted.oid ? wanted.oid : fmt::format("{} ({})", wanted.name, wanted.oid);
    say(fmt::format("left out the extension {}: the profile decides", name));
  }
  if (file.unstructured_name) say("left out the unstructuredName: give it with --unstructured-name");
}

void check_combination(const ContentFlags& flags, const Profile& profile) {
  if (!flags.set.empty() && profile.name.empty())
    throw Error(Errc::usage, "--set fills the fields of a profile, and no profile was given",
                "choose one with --profile; p11csr profile list shows them");
  if (!flags.from.empty() && !flags.openssl_config.empty())
    throw Error(Errc::usage, "--from and --openssl-config exclude each other",
                "take one file, and put flags such as --subject or --san over it");
}

RequestAttributes attributes_of(const ContentFlags& flags, const std::optional<std::string>& name_of_file) {
  std::optional<Secret> password;
  if (!flags.challenge_password_source.empty()) {
    const SecretWanted wanted{"challenge password", "Challenge password: ", "--challenge-password-source"};
    password = read_secret(parse_pin_source(flags.challenge_password_source, wanted.name), wanted);
  }
  return {flags.unstructured_name ? flags.unstructured_name : name_of_file, std::move(password)};
}

x509::LintOptions lint_options(const MergedRequest& merged) {
  x509::LintOptions options;
  for (const auto& name : merged.lint_rules) options.sets.push_back(x509::parse_rule_set(name.value));
  for (const auto& id : merged.lint_ignored) {
    x509::check_lint_rule(id.value);
    options.ignored.push_back(id.value);
  }
  return options;
}

}  // namespace

RequestContent request_content(const ContentFlags& flags, const std::function<void(const std::string&)>& say) {
  return request_content(flags, chosen_profile(flags.profile), today(), say);
}

RequestContent request_content(const ContentFlags& flags, profile::Sourced<Profile> profile, const std::string& date,
                               const std::function<void(const std::string&)>& say) {
  check_combination(flags, profile.value);
  const bool under_profile = !profile.value.name.empty();
  x509::RequestSource source;
  if (names_file(flags)) source = read_content_source(flags, replaced_by(flags));
  for (const std::string& line : source.left_out) say(line);

  profile::RequestedByFlags requested = flags.requested;
  const NamesOfFile names = add_names(requested, source);
  const x509::RequestSource of_file = under_profile ? leave_to_profile(source) : x509::RequestSource();
  auto fields = profile::FieldValues::parse(flags.set);
  if (under_profile) fields.fill_in("date", date);
  MergedRequest merged = profile::merge(profile.value, requested, fields);
  set_name_origins(merged, names, file_flag(flags));
  settle_extensions(merged, source.extensions, file_flag(flags));
  put_extensions(source.extensions, merged, flags.sid_form);
  RequestSpec spec(merged.subject.value, std::move(source.extensions), attributes_of(flags, source.unstructured_name));
  if (under_profile && names_file(flags)) say_what_the_profile_left_out(of_file, spec, say);
  x509::LintOptions lint = lint_options(merged);
  return {std::move(spec), std::move(profile), std::move(merged), source.digest, std::move(lint)};
}

std::vector<profile::ShownValue> content_values(const RequestContent& content, const ContentFlags& flags,
                                                const std::optional<SignatureAlgorithm>& algorithm) {
  using profile::Origin;
  std::vector<profile::ShownValue> values;
  const auto& [profile, origin] = content.profile;
  if (!profile.name.empty()) values.push_back({"profile", profile.name, origin});
  if (!flags.from.empty()) values.push_back({"from", flags.from, Origin::flag("--from")});
  if (!flags.openssl_config.empty())
    values.push_back({"openssl_config", flags.openssl_config, Origin::flag("--openssl-config")});
  for (profile::ShownValue& value : profile::shown_values(content.settings)) values.push_back(std::move(value));
  const bool fixes_digest = algorithm && (std::holds_alternative<EdDsaSignature>(*algorithm) ||
                                          std::holds_alternative<MlDsaSignature>(*algorithm));
  if (content.preferred_digest && !content.settings.digest && !fixes_digest)
    values.push_back(
        {"key.digest", std::string(digest_name(*content.preferred_digest)), Origin::flag("--openssl-config")});
  const RequestAttributes& attributes = content.spec.attributes();
  if (attributes.unstructured_name())
    values.push_back({"unstructured_name", *attributes.unstructured_name(),
                      Origin::flag(flags.unstructured_name ? "--unstructured-name" : file_flag(flags))});
  if (attributes.challenge_password() != nullptr)
    values.push_back({"challenge_password", "given, not shown here", Origin::flag("--challenge-password-source")});
  return values;
}

}  // namespace p11csr::cli
