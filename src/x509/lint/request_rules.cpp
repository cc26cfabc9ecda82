#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "model/utf8.hpp"
#include "x509/lint/oids.hpp"
#include "x509/lint/rule.hpp"
#include "x509/lint/string_tag.hpp"

namespace p11csr::x509 {
namespace {

constexpr std::size_t ub_pkcs9_string = 255;  // pkcs-9-ub-pkcs9String and pkcs-9-ub-challengePassword

void version(const RequestView& view, Violations& violations) {
  if (view.version.size() != 1 || view.version[0] != 0) {
    violations.push_back(fmt::format("the version is 0x{}, not 0", to_hex(view.version)));
  }
}

void attributes_absent(const RequestView& view, Violations& violations) {
  if (!view.has_attributes) violations.emplace_back("the field attributes is missing");
}

void attributes_order(const RequestView& view, Violations& violations) {
  if (!view.attributes_sorted) violations.emplace_back("the attributes are not in ascending order");
}

void attribute_repeated(const RequestView& view, Violations& violations) {
  for (auto one = view.attributes.begin(); one != view.attributes.end(); ++one) {
    const bool seen = std::any_of(view.attributes.begin(), one, [&](const auto& e) { return e.type == one->type; });
    if (seen && one->type != oids::extension_request) {
      violations.push_back(fmt::format("the attribute {} is there more than once", one->type));
    }
  }
}

void attribute_empty(const RequestView& view, Violations& violations) {
  for (const RequestAttribute& one : view.attributes) {
    // Of these the count of values is a rule of its own.
    const bool judged = one.type == oids::extension_request || one.type == oids::challenge_password;
    if (one.values.empty() && !judged) violations.push_back(fmt::format("the attribute {} has no value", one.type));
  }
}

void extension_request_repeated(const RequestView& view, Violations& violations) {
  const std::size_t count = view.attributes_of(oids::extension_request).size();
  if (count > 1) violations.push_back(fmt::format("there are {} extensionRequest attributes", count));
}

void extension_request_values(const RequestView& view, Violations& violations) {
  for (const auto* attribute : view.attributes_of(oids::extension_request)) {
    if (attribute->values.size() != 1) {
      violations.push_back(fmt::format("the extensionRequest has {} values, not one", attribute->values.size()));
    }
  }
}

void extension_request_malformed(const RequestView& view, Violations& violations) {
  if (!view.extension_request_well_formed) violations.emplace_back("the extensionRequest's value is no Extensions");
}

void extension_request_empty(const RequestView& view, Violations& violations) {
  const auto carriers = view.attributes_of(oids::extension_request);
  const bool readable = view.extension_request_well_formed && !carriers.empty() && !carriers.front()->values.empty();
  if (readable && view.extensions.empty()) violations.emplace_back("the extensionRequest holds no extension");
}

void extension_request_microsoft(const RequestView& view, Violations& violations) {
  if (!view.attributes_of(oids::microsoft_extension_request).empty()) {
    violations.emplace_back("extensions are requested by the attribute 1.3.6.1.4.1.311.2.1.14");
  }
}

bool is_directory_string(std::uint8_t tag) {
  return is_string_tag(tag) && !is(tag, StringTag::ia5) && !is(tag, StringTag::numeric) && !is(tag, StringTag::visible);
}

std::size_t length_of(const crypto::DerElement& value) {
  const auto text = string_text(value.identifier, value.content);
  return text ? model::count_code_points(*text).value_or(0) : 0;
}

void challenge_password_form(const RequestView& view, Violations& violations) {
  for (const auto* attribute : view.attributes_of(oids::challenge_password)) {
    const auto& values = attribute->values;
    const bool fits = values.size() == 1 && is_directory_string(values.front().identifier) &&
                      string_text(values.front().identifier, values.front().content);
    // The value is a secret, so it is not shown.
    if (!fits) violations.emplace_back("the challengePassword is not one DirectoryString");
  }
}

void challenge_password_length(const RequestView& view, Violations& violations) {
  for (const auto* attribute : view.attributes_of(oids::challenge_password)) {
    for (const auto& value : attribute->values) {
      if (!string_text(value.identifier, value.content)) continue;
      const std::size_t length = length_of(value);
      if (length == 0 || length > ub_pkcs9_string) {
        violations.push_back(fmt::format("the challengePassword has {} characters, not 1 to 255", length));
      }
    }
  }
}

void unstructured_name(const RequestView& view, Violations& violations) {
  for (const auto* attribute : view.attributes_of(oids::unstructured_name)) {
    for (const auto& value : attribute->values) {
      const bool string = is_directory_string(value.identifier) || is(value.identifier, StringTag::ia5);
      const std::size_t length = length_of(value);
      if (!string || length == 0 || length > ub_pkcs9_string) {
        violations.emplace_back("an unstructuredName is no IA5String or DirectoryString of 1 to 255 characters");
      }
    }
  }
}

constexpr auto shape = RuleSet::shape;

constexpr std::array<CheckedRule, 13> rules = {{
    {{"request-version", shape, Severity::error, "RFC 2986, 4.1", "make the request anew, its version is v1(0)"},
     version},
    {{"request-attributes-absent", shape, Severity::warning, "RFC 2986, 4.1",
      "encode attributes as an empty [0] where there are none; the field is not optional"},
     attributes_absent},
    {{"request-attributes-order", shape, Severity::warning, "X.690, 11.6",
      "encode the attributes as DER has it, in ascending order of their octets"},
     attributes_order},
    {{"request-attribute-repeated", shape, Severity::error, "RFC 2986, 4.1; X.501, 8.2",
      "give each type of attribute once, with all its values"},
     attribute_repeated},
    {{"request-attribute-empty", shape, Severity::error, "RFC 2986, 4.1 (SIZE (1..MAX))",
      "leave the attribute out, or give it a value"},
     attribute_empty},
    {{"extension-request-repeated", shape, Severity::error, "RFC 2985, 5.4.2",
      "put all extensions into one extensionRequest"},
     extension_request_repeated},
    {{"extension-request-values", shape, Severity::error, "RFC 2985, 5.4.2",
      "give the extensionRequest exactly one value; it is SINGLE VALUE"},
     extension_request_values},
    {{"extension-request-malformed", shape, Severity::error, "RFC 2985, 5.4.2; RFC 5280, 4.1",
      "encode the requested extensions as Extensions"},
     extension_request_malformed},
    {{"extension-request-empty", shape, Severity::warning, "RFC 5280, 4.1",
      "leave the extensionRequest out where no extension is requested"},
     extension_request_empty},
    {{"extension-request-microsoft", shape, Severity::warning, "RFC 2985, 5.4.2",
      "use extensionRequest (1.2.840.113549.1.9.14), which all CAs read"},
     extension_request_microsoft},
    {{"challenge-password-form", shape, Severity::error, "RFC 2985, 5.4.1",
      "give one challengePassword, as PrintableString or UTF8String"},
     challenge_password_form},
    {{"challenge-password-length", shape, Severity::error, "RFC 2985, 5.4.1",
      "use a challenge password of 1 to 255 characters"},
     challenge_password_length},
    {{"unstructured-name-form", shape, Severity::error, "RFC 2985, 5.2.2",
      "write the unstructuredName as a string of 1 to 255 characters"},
     unstructured_name},
}};

}  // namespace

std::span<const CheckedRule> request_rules() { return rules; }

}  // namespace p11csr::x509
