#include <fmt/format.h>

#include <p11csr/profile/merge.hpp>
#include <p11csr/profile/profile.hpp>

#include "model/quote.hpp"

namespace p11csr::profile {

namespace {

std::string text_of(const std::string& text) { return text; }
std::string text_of(const TextTemplate& value) { return value.text(); }
std::string text_of(const SubjectTemplate& value) { return value.text(); }
std::string text_of(const SanTemplate& value) { return value.text(); }
std::string text_of(const KeySpec& key) { return to_string(key); }
std::string text_of(const AllowedKey& key) { return key.to_string(); }
std::string text_of(const SanAlternatives& kinds) { return kinds.to_string(); }
std::string text_of(SanKind kind) { return std::string(san_kind_name(kind)); }
std::string text_of(Setting setting) { return std::string(setting_name(setting)); }
std::string text_of(Digest digest) { return std::string(digest_name(digest)); }
std::string text_of(Padding padding) { return padding == Padding::pss ? "pss" : "pkcs1"; }
std::string text_of(KeyUsageBit bit) { return std::string(key_usage_name(bit)); }

std::string text_of(const Subject& subject) { return subject.to_string(); }
std::string text_of(const CertificatePolicy& policy) { return policy.text(); }

std::string text_of(const RawExtension& extension) {
  return fmt::format("{}{}={}", extension.oid.dotted(), extension.critical ? ",critical" : "",
                     extension.is_der ? "hex:" + to_hex(extension.der) : "asn1:" + extension.asn1);
}

std::string text_of(const BasicConstraints& constraints) {
  if (!constraints.ca) return "end-entity";
  return constraints.path_length ? fmt::format("ca,pathlen={}", *constraints.path_length) : "ca";
}

template <typename Value, typename Text>
std::string joined(const std::vector<Value>& values, Text text) {
  std::string result;
  for (const Value& value : values) {
    if (!result.empty()) result += ", ";
    result += text(value);
  }
  return result;
}

template <typename Value>
std::string text_of(const std::vector<Value>& values) {
  return joined(values, [](const Value& value) { return text_of(value); });
}

std::string text_of(const KeyUsage& usage) { return text_of(usage.bits()); }
std::string text_of(const ExtendedKeyUsage& usage) { return joined(usage.purposes(), purpose_name); }

class Lines {
 public:
  template <typename Value>
  void add(std::string_view key, const std::optional<Sourced<Value>>& value) {
    if (value) add(key, text_of(value->value), value->origin);
  }
  void add_types(std::string_view key, const std::optional<Sourced<std::vector<Oid>>>& types) {
    if (types) add(key, joined(types->value, attribute_name), types->origin);
  }
  template <typename Value>
  void add_each(std::string_view key, const std::vector<Sourced<Value>>& values) {
    for (const auto& value : values) add(key, text_of(value.value), value.origin);
  }
  void add(std::string_view key, std::string_view value, const Origin& origin) {
    values_.push_back({std::string(key), model::printable(value), origin});
  }
  [[nodiscard]] std::vector<ShownValue> take() { return std::move(values_); }

 private:
  std::vector<ShownValue> values_;
};

void add_names(Lines& lines, const Profile& profile) {
  lines.add("subject", profile.subject);
  lines.add("rdns.fixed", profile.fixed_rdns);
  lines.add_types("rdns.required", profile.required_rdns);
  lines.add_types("rdns.allowed", profile.allowed_rdns);
  lines.add_types("rdns.forbidden", profile.forbidden_rdns);
  lines.add("san.names", profile.san_names);
  lines.add("san.allowed", profile.allowed_san);
  lines.add("san.required", profile.required_san);
  lines.add("san.from_cn", profile.san_from_cn);
}

}  // namespace

std::vector<ShownValue> shown_values(const Profile& profile) {
  Lines lines;
  lines.add("description", profile.description);
  lines.add("key.allowed", profile.allowed_keys);
  lines.add("key.default", profile.default_key);
  lines.add("key.digest", profile.digest);
  lines.add("key.padding", profile.padding);
  lines.add("label", profile.label);
  add_names(lines, profile);
  lines.add("key_usage", profile.key_usage);
  lines.add("extended_key_usage", profile.extended_key_usage);
  lines.add("basic_constraints", profile.basic_constraints);
  lines.add("critical", profile.critical);
  lines.add("extensions", profile.extensions);
  lines.add("ms_template", profile.ms_template);
  lines.add("sid", profile.sid);
  lines.add("tls_feature", profile.tls_feature);
  lines.add("policies", profile.policies);
  lines.add("lint.rules", profile.lint_rules);
  lines.add("lint.ignore", profile.lint_ignored);
  for (const auto& [setting, may] : profile.overridable) {
    lines.add(may.value ? "overridable" : "locked", setting_name(setting), may.origin);
  }
  return lines.take();
}

std::vector<ShownValue> shown_values(const MergedRequest& request) {
  Lines lines;
  lines.add("key.default", request.key);
  lines.add("key.digest", request.digest);
  lines.add("key.padding", request.padding);
  lines.add("label", request.label);
  if (!request.subject.value.empty()) lines.add("subject", text_of(request.subject.value), request.subject.origin);
  lines.add_each("san.names", request.san);
  lines.add("key_usage", request.key_usage);
  lines.add("extended_key_usage", request.extended_key_usage);
  lines.add("basic_constraints", request.basic_constraints);
  lines.add_each("extensions", request.extensions);
  lines.add("ms_template", request.ms_template);
  lines.add("sid", request.sid);
  lines.add("tls_feature", request.tls_feature);
  lines.add_each("policies", request.policies);
  lines.add_each("lint.rules", request.lint_rules);
  lines.add_each("lint.ignore", request.lint_ignored);
  return lines.take();
}

}  // namespace p11csr::profile
