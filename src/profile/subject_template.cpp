#include <algorithm>

#include <p11csr/profile/name_template.hpp>

#include "model/subject_syntax.hpp"

namespace p11csr::profile {

namespace {

// The rules of a type hold for literal values whatever the fields become.
void check_literal(const AttributeTypeAndValue& attribute, const TextTemplate& value) {
  if (value.is_literal()) static_cast<void>(Subject({{{attribute.type, value.fill({})}}}));
}

void add_new(std::vector<std::string>& names, const std::vector<std::string>& more) {
  for (const std::string& name : more) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
}

}  // namespace

SubjectTemplate SubjectTemplate::parse(std::string_view text) {
  SubjectTemplate result;
  result.text_ = text;
  if (text.empty()) return result;
  for (const auto& rdn : text.front() == '/' ? model::parse_slash_form(text) : model::parse_rfc4514(text)) {
    std::vector<Attribute> attributes;
    attributes.reserve(rdn.size());
    for (const AttributeTypeAndValue& attribute : rdn) {
      attributes.push_back({attribute.type, TextTemplate::parse(attribute.value)});
      check_literal(attribute, attributes.back().value);
    }
    result.rdns_.push_back(std::move(attributes));
  }
  return result;
}

Subject SubjectTemplate::fill(const FieldValues& values) const {
  std::vector<RelativeDistinguishedName> rdns;
  rdns.reserve(rdns_.size());
  for (const auto& attributes : rdns_) {
    RelativeDistinguishedName rdn;
    rdn.reserve(attributes.size());
    for (const Attribute& attribute : attributes) rdn.push_back({attribute.type, attribute.value.fill(values)});
    rdns.push_back(std::move(rdn));
  }
  return Subject(std::move(rdns));
}

void SubjectTemplate::check(const FieldValues& values) const {
  for (const auto& attributes : rdns_) {
    for (const Attribute& attribute : attributes) {
      if (values.has_all(attribute.value.fields()))
        static_cast<void>(Subject({{{attribute.type, attribute.value.fill(values)}}}));
    }
  }
}

std::vector<std::string> SubjectTemplate::fields() const {
  std::vector<std::string> names;
  for (const auto& attributes : rdns_) {
    for (const Attribute& attribute : attributes) add_new(names, attribute.value.fields());
  }
  return names;
}

std::vector<Oid> SubjectTemplate::types() const {
  std::vector<Oid> types;
  for (const auto& attributes : rdns_) {
    for (const Attribute& attribute : attributes) types.push_back(attribute.type);
  }
  return types;
}

bool SubjectTemplate::has_multi_valued_rdn() const {
  return std::any_of(rdns_.begin(), rdns_.end(), [](const auto& attributes) { return attributes.size() > 1; });
}

}  // namespace p11csr::profile
