#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "model/quote.hpp"
#include "model/utf8.hpp"
#include "x509/lint/name_attribute.hpp"
#include "x509/lint/oids.hpp"
#include "x509/lint/rule.hpp"

namespace p11csr::x509 {
namespace {

void without_name(const RequestView& view, Violations& violations) {
  if (view.subject.rdns.empty() && view.extension(oids::subject_alt_name) == nullptr) {
    violations.emplace_back("the subject is empty, and there is no SubjectAltName");
  }
}

void alt_name_not_critical(const RequestView& view, Violations& violations) {
  const auto* names = view.extension(oids::subject_alt_name);
  if (view.subject.rdns.empty() && names != nullptr && !names->critical) {
    violations.emplace_back("the subject is empty, and the SubjectAltName is not critical");
  }
}

void empty_rdn(const RequestView& view, Violations& violations) {
  for_each_name(view, [&](const NameView& name) {
    const auto count = std::count_if(name.rdns.begin(), name.rdns.end(), [](const auto& rdn) { return rdn.empty(); });
    if (count != 0) violations.push_back(fmt::format("{} has {} RDNs without an attribute", name.owner, count));
  });
}

void rdn_order(const RequestView& view, Violations& violations) {
  for_each_name(view, [&](const NameView& name) {
    if (!name.rdns_sorted) {
      violations.push_back(
          fmt::format("the attributes of a multi-valued RDN of {} are not in ascending order", name.owner));
    }
  });
}

void type_twice_in_rdn(const RequestView& view, Violations& violations) {
  for_each_name(view, [&](const NameView& name) {
    for (const RdnView& rdn : name.rdns) {
      for (auto one = rdn.begin(); one != rdn.end(); ++one) {
        if (std::any_of(rdn.begin(), one, [&](const auto& other) { return other.type == one->type; })) {
          violations.push_back(fmt::format("an RDN of {} has the type {} twice", name.owner, type_name(*one)));
        }
      }
    }
  });
}

bool same_value(const NameAttribute& a, const NameAttribute& b) {
  return a.type == b.type && std::equal(a.value.begin(), a.value.end(), b.value.begin(), b.value.end());
}

void attribute_twice(const RequestView& view, Violations& violations) {
  for_each_name(view, [&](const NameView& name) {
    std::vector<const NameAttribute*> seen;
    for_each_attribute(name, [&](const NameAttribute& one) {
      if (std::any_of(seen.begin(), seen.end(), [&](const auto* other) { return same_value(*other, one); })) {
        violations.push_back(fmt::format("{} says {} more than once", name.owner, shown(one)));
      }
      seen.push_back(&one);
    });
  });
}

void empty_value(const RequestView& view, Violations& violations) {
  for_each_attribute(view, [&](const NameView& name, const NameAttribute& one) {
    if (one.value.empty()) violations.push_back(fmt::format("{}'s {} is empty", name.owner, type_name(one)));
  });
}

void too_long(const RequestView& view, Violations& violations) {
  for_each_attribute(view, [&](const NameView& name, const NameAttribute& one) {
    // A country of another length breaks its own rule.
    if (!one.text || one.facts == nullptr || one.facts->rule == model::ValueRule::country) return;
    const auto length = model::count_code_points(*one.text);
    if (length && *length > one.facts->upper_bound) {
      violations.push_back(fmt::format("{}'s {} has {} characters, {} is the most", name.owner, one.facts->name,
                                       *length, one.facts->upper_bound));
    }
  });
}

/// Reports the text attributes with a character that `breaks` tells of, given what is in front of it and behind it.
template <class Breaks>
void judge_characters(const RequestView& view, Violations& violations, std::string_view what, Breaks breaks) {
  for_each_attribute(view, [&](const NameView& name, const NameAttribute& one) {
    std::string_view rest = one.text ? std::string_view(*one.text) : std::string_view();
    char32_t before = 0;
    while (const auto character = model::first_code_point(rest)) {
      rest.remove_prefix(character->octets);
      const auto behind = model::first_code_point(rest);
      if (breaks(character->value, before, behind ? behind->value : 0)) {
        violations.push_back(fmt::format("{}'s {} holds {}", name.owner, shown(one), what));
        return;
      }
      before = character->value;
    }
  });
}

/// The viramas of the scripts of India and Sri Lanka, which stand at the same place of their blocks.
bool is_virama(char32_t c) {
  constexpr char32_t sinhala = 0x0dca;
  return c == sinhala || (c >= 0x0900 && c < 0x0d80 && (c & 0x7fU) == 0x4d);
}

void control_characters(const RequestView& view, Violations& violations) {
  judge_characters(view, violations, "a control character",
                   [](char32_t c, char32_t, char32_t) { return model::is_control(c); });
}

void invisible_characters(const RequestView& view, Violations& violations) {
  judge_characters(view, violations, "a character that is not seen or turns the writing direction",
                   [](char32_t c, char32_t before, char32_t behind) {
                     // Scripts such as Persian's need joiners between their letters, Malayalam's also behind a virama
                     // at the end of a word (RFC 5892, A.1 and A.2).
                     const bool joiner = c == 0x200c || c == 0x200d;
                     const bool between = before >= 0x300 && behind >= 0x300 && !model::is_deceptive(before) &&
                                          !model::is_deceptive(behind);
                     const bool joins = joiner && (between || is_virama(before));
                     return model::is_deceptive(c) && !model::is_control(c) && !joins;
                   });
}

void whitespace(const RequestView& view, Violations& violations) {
  for_each_attribute(view, [&](const NameView& name, const NameAttribute& one) {
    if (!one.text || one.text->empty()) return;
    const bool odd = one.text->front() == ' ' || one.text->back() == ' ' || one.text->find("  ") != std::string::npos;
    if (odd) violations.push_back(fmt::format("{}'s {} has spaces that do not count", name.owner, shown(one)));
  });
}

constexpr auto shape = RuleSet::shape;

constexpr std::array<CheckedRule, 11> rules = {{
    {{"subject-empty", shape, Severity::error, "RFC 5280, 4.1.2.6; RFC 6818",
      "name somebody, in the subject or in a SubjectAltName"},
     without_name},
    {{"subject-empty-san-not-critical", shape, Severity::warning, "RFC 5280, 4.2.1.6",
      "mark the SubjectAltName critical, or give a subject"},
     alt_name_not_critical},
    {{"subject-rdn-empty", shape, Severity::error, "RFC 5280, 4.1.2.4", "leave the empty RDN out"}, empty_rdn},
    {{"subject-rdn-order", shape, Severity::warning, "X.690, 11.6",
      "encode the RDN as DER has it, in ascending order of the octets"},
     rdn_order},
    {{"subject-rdn-type-repeated", shape, Severity::error, "RFC 5280, 4.1.2.4; X.501, 9.3",
      "give each attribute of one type an RDN of its own"},
     type_twice_in_rdn},
    {{"subject-attribute-repeated", shape, Severity::warning, "RFC 5280, 4.1.2.4", "give the attribute once"},
     attribute_twice},
    {{"subject-value-empty", shape, Severity::error, "RFC 5280, Appendix A.1 (SIZE (1..))", "leave the attribute out"},
     empty_value},
    {{"subject-value-length", shape, Severity::error, "RFC 5280, Appendix A.1 (upper bounds)", "shorten the value"},
     too_long},
    {{"subject-control-character", shape, Severity::error, "RFC 4518, 2.2",
      "leave control characters out; names that differ in nothing else are the same"},
     control_characters},
    {{"subject-invisible-character", shape, Severity::error, "RFC 4518, 2.2; UTR 36, 2.5",
      "leave out what is not seen or turns the writing direction; names that differ in nothing else are the same"},
     invisible_characters},
    {{"subject-whitespace", shape, Severity::notice, "RFC 4518, 2.6.1",
      "leave out spaces at the ends and doubled ones; they are not compared"},
     whitespace},
}};

}  // namespace

std::string type_name(const NameAttribute& attribute) {
  return attribute.facts == nullptr ? attribute.type : std::string(attribute.facts->name);
}

std::string shown(const NameAttribute& attribute) {
  return fmt::format("{} {}", type_name(attribute),
                     attribute.text ? model::in_quotes(*attribute.text) : "0x" + to_hex(attribute.value));
}

std::span<const CheckedRule> subject_rules() { return rules; }

}  // namespace p11csr::x509
