#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "model/ascii.hpp"
#include "x509/lint/name_attribute.hpp"
#include "x509/lint/oids.hpp"
#include "x509/lint/rule.hpp"
#include "x509/lint/string_tag.hpp"

namespace p11csr::x509 {
namespace {

using model::ValueRule;

ValueRule rule_of(const NameAttribute& attribute) {
  return attribute.facts == nullptr ? ValueRule::directory : attribute.facts->rule;
}

void not_a_string(const RequestView& view, Violations& violations) {
  for_each_attribute(view, [&](const NameView& name, const NameAttribute& one) {
    if (one.facts != nullptr && !is_string_tag(one.tag)) {
      violations.push_back(fmt::format("{}'s {} is encoded with the tag 0x{:02x}, which is no string's", name.owner,
                                       type_name(one), static_cast<unsigned>(one.tag)));
    }
  });
}

void old_string_type(const RequestView& view, Violations& violations) {
  for_each_attribute(view, [&](const NameView& name, const NameAttribute& one) {
    // RFC 2985, 5.2.2: an unstructuredName may be an IA5String.
    const bool current = is(one.tag, StringTag::utf8) || is(one.tag, StringTag::printable) ||
                         (is(one.tag, StringTag::ia5) && one.type == oids::unstructured_name);
    if (one.facts != nullptr && rule_of(one) == ValueRule::directory && is_string_tag(one.tag) && !current) {
      violations.push_back(fmt::format("{}'s {} is neither UTF8String nor PrintableString", name.owner, shown(one)));
    }
  });
}

void bad_octets(const RequestView& view, Violations& violations) {
  for_each_attribute(view, [&](const NameView& name, const NameAttribute& one) {
    if (is_string_tag(one.tag) && !one.text) {
      violations.push_back(fmt::format("the octets of {}'s {} do not fit its string type", name.owner, shown(one)));
    }
  });
}

void country_type(const RequestView& view, Violations& violations) {
  for_each_attribute(view, [&](const NameView& name, const NameAttribute& one) {
    if (rule_of(one) == ValueRule::country && is_string_tag(one.tag) && !is(one.tag, StringTag::printable)) {
      violations.push_back(fmt::format("{}'s {} is no PrintableString", name.owner, shown(one)));
    }
  });
}

void country_letters(const RequestView& view, Violations& violations) {
  for_each_attribute(view, [&](const NameView& name, const NameAttribute& one) {
    if (rule_of(one) != ValueRule::country || !one.text || one.text->empty()) return;
    if (one.text->size() != 2 ||
        !std::all_of(one.text->begin(), one.text->end(), [](char c) { return model::is_upper(c); })) {
      violations.push_back(fmt::format("{}'s {} is not two upper-case letters", name.owner, shown(one)));
    }
  });
}

void not_printable(const RequestView& view, Violations& violations) {
  for_each_attribute(view, [&](const NameView& name, const NameAttribute& one) {
    if (rule_of(one) == ValueRule::printable && is_string_tag(one.tag) && !is(one.tag, StringTag::printable)) {
      violations.push_back(fmt::format("{}'s {} is no PrintableString", name.owner, shown(one)));
    }
  });
}

void not_ia5(const RequestView& view, Violations& violations) {
  for_each_attribute(view, [&](const NameView& name, const NameAttribute& one) {
    if (rule_of(one) == ValueRule::ia5 && is_string_tag(one.tag) && !is(one.tag, StringTag::ia5)) {
      violations.push_back(fmt::format("{}'s {} is no IA5String", name.owner, shown(one)));
    }
  });
}

constexpr auto shape = RuleSet::shape;

constexpr std::array<CheckedRule, 7> rules = {{
    {{"subject-not-a-string", shape, Severity::error, "RFC 5280, 4.1.2.4", "encode the value as a string"},
     not_a_string},
    {{"subject-string-type", shape, Severity::warning, "RFC 5280, 4.1.2.4",
      "encode the value as UTF8String or PrintableString"},
     old_string_type},
    {{"subject-string-octets", shape, Severity::error, "X.680, 41; RFC 3629, 3",
      "encode the value as UTF8String, and its text as UTF-8"},
     bad_octets},
    {{"subject-country-string-type", shape, Severity::error, "RFC 5280, Appendix A.1 (X520countryName)",
      "encode the country as PrintableString"},
     country_type},
    {{"subject-country-letters", shape, Severity::error, "RFC 5280, Appendix A.1; X.520, 6.3.1",
      "write the country as its two-letter code of ISO 3166, in capitals"},
     country_letters},
    {{"subject-printable-string", shape, Severity::error, "RFC 5280, Appendix A.1 (X520SerialNumber, X520dnQualifier)",
      "encode the value as PrintableString"},
     not_printable},
    {{"subject-ia5-string", shape, Severity::error, "RFC 5280, Appendix A.1 (DomainComponent, EmailAddress)",
      "encode the value as IA5String; a domain name in A-labels"},
     not_ia5},
}};

}  // namespace

std::span<const CheckedRule> subject_encoding_rules() { return rules; }

}  // namespace p11csr::x509
