#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <string_view>
#include <utility>

#include <p11csr/model/error.hpp>
#include <p11csr/model/subject.hpp>

#include "model/ascii.hpp"
#include "model/attribute_types.hpp"
#include "model/quote.hpp"
#include "model/subject_syntax.hpp"
#include "model/utf8.hpp"

namespace p11csr {

namespace {

using model::AttributeTypeFacts;
using model::ValueRule;

/// Judge tells what is wrong with the attributes of the name that `owner` says.
class Judge {
 public:
  explicit Judge(std::string_view owner) : owner_(owner) {}
  void check(const RelativeDistinguishedName& rdn) const;

 private:
  [[nodiscard]] Error broken_rule(const AttributeTypeAndValue& attribute, std::string_view rule,
                                  std::string hint = {}) const {
    return Error(
        Errc::malformed_input,
        fmt::format("{}'s {} {} {}", owner_, attribute_name(attribute.type), model::in_quotes(attribute.value), rule),
        std::move(hint));
  }
  void check_value_rule(const AttributeTypeAndValue& attribute, ValueRule rule) const;
  void check_attribute(const AttributeTypeAndValue& attribute) const;

  std::string_view owner_;
};

void Judge::check_value_rule(const AttributeTypeAndValue& attribute, ValueRule rule) const {
  const std::string& value = attribute.value;
  switch (rule) {
    case ValueRule::directory:
      return;
    case ValueRule::country:
      if (value.size() != 2 || !model::is_letter(value[0]) || !model::is_letter(value[1])) {
        throw broken_rule(attribute, "is not a country code of two letters", "use ISO 3166's code, such as DE");
      }
      return;
    case ValueRule::printable:
      if (model::is_printable_string(value)) return;
      throw broken_rule(attribute, "does not fit PrintableString, which this type demands",
                        "use letters, digits, spaces and ' ( ) + , - . / : = ? only");
    case ValueRule::ia5:
      if (model::is_ascii(value)) return;
      throw broken_rule(attribute, "is not ASCII, which this type demands",
                        "write a domain's A-labels (xn--…) instead of its U-labels");
  }
}

void Judge::check_attribute(const AttributeTypeAndValue& attribute) const {
  if (attribute.value.empty()) {
    throw Error(Errc::malformed_input, fmt::format("{}'s {} is empty", owner_, attribute_name(attribute.type)),
                "give it a value or leave it out");
  }
  model::check_text(attribute.value, fmt::format("{}'s {}", owner_, attribute_name(attribute.type)));
  const AttributeTypeFacts* facts = model::find_attribute_type(attribute.type);
  if (facts == nullptr) return;
  check_value_rule(attribute, facts->rule);
  const std::size_t characters = model::count_code_points(attribute.value).value_or(0);
  if (characters > facts->upper_bound) {
    throw broken_rule(attribute,
                      fmt::format("has {} characters, {} is the most{}", characters, facts->upper_bound,
                                  facts->bound_of_rfc5280 ? " (RFC 5280, Appendix A)" : ""),
                      "shorten it");
  }
}

void Judge::check(const RelativeDistinguishedName& rdn) const {
  if (rdn.empty())
    throw Error(Errc::malformed_input, fmt::format("{} holds an empty relative distinguished name", owner_),
                "leave it out, or give it an attribute");
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const auto& attribute : rdn) {
    check_attribute(attribute);
    if (!seen.emplace(attribute.type.dotted(), attribute.value).second) {
      throw broken_rule(attribute, "is in one relative distinguished name twice",
                        "give it once, or separate relative distinguished names instead of joining them with '+'");
    }
  }
}

}  // namespace

Subject::Subject(std::vector<RelativeDistinguishedName> rdns, std::string_view owner) : rdns_(std::move(rdns)) {
  const Judge judge(owner);
  for (const auto& rdn : rdns_) judge.check(rdn);
}

Subject Subject::parse(std::string_view text, std::string_view owner) {
  if (text.empty()) return {};
  return Subject(text.front() == '/' ? model::parse_slash_form(text, owner) : model::parse_rfc4514(text, owner), owner);
}

std::string Subject::to_string() const {
  std::string text;
  // RFC 4514, 2.1: "starting with the last element of the sequence and moving backwards toward the first".
  for (auto rdn = rdns_.rbegin(); rdn != rdns_.rend(); ++rdn) {
    if (rdn != rdns_.rbegin()) text += ',';
    for (const auto& attribute : *rdn) {
      if (&attribute != &rdn->front()) text += '+';
      text += attribute_name(attribute.type) + '=' + model::escape_rfc4514(attribute.value);
    }
  }
  return text;
}

std::string Subject::common_name() const {
  std::string last;
  for (const auto& rdn : rdns_) {
    const auto named = std::find_if(rdn.begin(), rdn.end(), [](const AttributeTypeAndValue& attribute) {
      return attribute.type.dotted() == "2.5.4.3";
    });
    if (named != rdn.end()) last = named->value;
  }
  return last;
}

StringType string_type(const AttributeTypeAndValue& attribute) {
  const AttributeTypeFacts* facts = model::find_attribute_type(attribute.type);
  if (facts != nullptr && facts->rule == ValueRule::ia5) return StringType::ia5;
  return model::is_printable_string(attribute.value) ? StringType::printable : StringType::utf8;
}

std::string attribute_name(const Oid& type) {
  const AttributeTypeFacts* facts = model::find_attribute_type(type);
  return facts != nullptr ? std::string(facts->name) : type.dotted();
}

}  // namespace p11csr

namespace p11csr::model {

bool is_printable_string(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || std::string_view(" '()+,-./:=?").find(c) != std::string_view::npos;
  });
}

}  // namespace p11csr::model
