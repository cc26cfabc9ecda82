#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "model/ascii.hpp"
#include "model/idna.hpp"
#include "model/name_forms.hpp"
#include "model/quote.hpp"
#include "x509/lint/judge_names.hpp"

namespace p11csr::x509 {
namespace {

constexpr std::size_t longest_label = 63;  // RFC 1035, 2.3.4
constexpr std::size_t longest_name = 253;  // 255 octets on the wire

template <class Breaks>
bool any_label(std::string_view name, Breaks breaks) {
  const auto labels = model::split(name, '.');
  return std::any_of(labels.begin(), labels.end(), breaks);
}

void not_ascii(const RequestView& view, Violations& violations) {
  judge_names(view, violations, "is not ASCII", [](std::string_view name) { return !model::is_ascii(name); });
}

void characters(const RequestView& view, Violations& violations) {
  judge_names(view, violations, "holds a character that no host name has", [](std::string_view name) {
    return std::any_of(name.begin(), name.end(), [](char c) {
      const bool ascii = static_cast<unsigned char>(c) < 0x80;
      return ascii && !model::is_alphanumeric(c) && std::string_view("-_.*").find(c) == std::string_view::npos;
    });
  });
}

void empty_label(const RequestView& view, Violations& violations) {
  judge_names(view, violations, "has an empty label, or a dot at an end",
              [](std::string_view name) { return any_label(name, [](auto label) { return label.empty(); }); });
}

void length(const RequestView& view, Violations& violations) {
  judge_names(
      view, violations, "is longer than 253 characters, or a label of it longer than 63", [](std::string_view name) {
        return name.size() > longest_name || any_label(name, [](auto label) { return label.size() > longest_label; });
      });
}

void hyphen(const RequestView& view, Violations& violations) {
  judge_names(view, violations, "has a label that begins or ends with '-'", [](std::string_view name) {
    return any_label(name, [](auto label) { return label.starts_with('-') || label.ends_with('-'); });
  });
}

void wildcard(const RequestView& view, Violations& violations) {
  judge_names(view, violations, "has a '*' that is not its whole first label", [](std::string_view name) {
    const auto rest = name.starts_with("*.") ? name.substr(2) : name;
    return rest.find('*') != std::string_view::npos;
  });
}

void a_label(const RequestView& view, Violations& violations) {
  judge_names(view, violations, "has a label 'xn--…' that is no A-label", [](std::string_view name) {
    return any_label(name, [](std::string_view label) {
      return model::equal_ignoring_case(label.substr(0, 4), "xn--") && !model::Idna::shared().is_a_label(label);
    });
  });
}

void reserved_label(const RequestView& view, Violations& violations) {
  judge_names(view, violations, "has '--' in the third and fourth place of a label", [](std::string_view name) {
    return any_label(name, [](std::string_view label) {
      return label.size() > 4 && label.substr(2, 2) == "--" && !model::equal_ignoring_case(label.substr(0, 2), "xn");
    });
  });
}

void address(const RequestView& view, Violations& violations) {
  judge_names(view, violations, "is an IP address", [](std::string_view name) {
    return model::is_ip_address(name) && name.find(':') == std::string_view::npos;
  });
}

void number(const RequestView& view, Violations& violations) {
  judge_names(view, violations, "ends in a number, as no domain does", [](std::string_view name) {
    return !name.ends_with('.') && !model::is_ip_address(name) && model::ends_in_a_number(name);
  });
}

constexpr auto shape = RuleSet::shape;

constexpr std::array<CheckedRule, 10> rules = {{
    {{"san-dns-ascii", shape, Severity::error, "RFC 5280, 4.2.1.6; RFC 9549, 2.1",
      "write internationalised labels as A-labels (xn--…)"},
     not_ascii},
    {{"san-dns-character", shape, Severity::error, "RFC 5280, 4.2.1.6; RFC 1034, 3.5",
      "use letters, digits and '-' between dots; no space, port, path or scheme"},
     characters},
    {{"san-dns-empty-label", shape, Severity::error, "RFC 5280, 4.2.1.6; RFC 1034, 3.5",
      "write the labels with one dot between them, and none at the ends"},
     empty_label},
    {{"san-dns-length", shape, Severity::error, "RFC 1035, 2.3.4", "shorten the name"}, length},
    {{"san-dns-hyphen", shape, Severity::error, "RFC 1034, 3.5", "begin and end each label with a letter or a digit"},
     hyphen},
    {{"san-dns-wildcard", shape, Severity::error, "RFC 9525, 6.3; TLS BR, 1.6.1 (Wildcard Domain Name)",
      "write a wildcard as the whole first label, like *.example.org"},
     wildcard},
    {{"san-dns-a-label", shape, Severity::error, "RFC 5890, 2.3.2.1; RFC 9549, 2.2",
      "take the label from what IDNA 2008 makes of the name in its own script"},
     a_label},
    {{"san-dns-reserved-label", shape, Severity::warning, "RFC 5890, 2.3.1 (R-LDH label)",
      "leave '--' out of the third and fourth place; only xn-- has a meaning"},
     reserved_label},
    {{"san-dns-address", shape, Severity::error, "RFC 5280, 4.2.1.6; RFC 9525, 2", "give the address as iPAddress"},
     address},
    {{"san-dns-number", shape, Severity::error, "RFC 3696, 2; RFC 1123, 2.1",
      "end the name in a top-level domain, none of which is a number"},
     number},
}};

}  // namespace

std::span<const CheckedRule> dns_name_rules() { return rules; }

}  // namespace p11csr::x509
