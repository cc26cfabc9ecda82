#include <algorithm>
#include <array>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "model/name_forms.hpp"
#include "model/quote.hpp"
#include "x509/lint/oids.hpp"
#include "x509/lint/rule.hpp"

namespace p11csr::x509 {
namespace {

using model::in_quotes;

constexpr std::size_t ipv4_octets = 4;
constexpr std::size_t ipv6_octets = 16;

void no_names(const RequestView& view, Violations& violations) {
  if (view.names && view.names->empty()) violations.emplace_back("the SubjectAltName holds no name");
}

bool is_text_kind(const GeneralNameView& name) {
  return name.tag == GeneralNameTag::dns || name.tag == GeneralNameTag::rfc822 || name.tag == GeneralNameTag::uri;
}

void empty_name(const RequestView& view, Violations& violations) {
  if (!view.names) return;
  const bool found = std::any_of(view.names->begin(), view.names->end(), [](const GeneralNameView& name) {
    const bool empty_directory = name.tag == GeneralNameTag::directory && name.value.size() == 2;
    return (is_text_kind(name) && name.value.empty()) || empty_directory;
  });
  if (found) violations.emplace_back("the SubjectAltName holds an empty name");
}

bool same_name(const GeneralNameView& a, const GeneralNameView& b) {
  return a.tag == b.tag && a.type == b.type &&
         std::equal(a.value.begin(), a.value.end(), b.value.begin(), b.value.end());
}

void repeated(const RequestView& view, Violations& violations) {
  if (!view.names) return;
  for (auto one = view.names->begin(); one != view.names->end(); ++one) {
    if (std::any_of(view.names->begin(), one, [&](const auto& other) { return same_name(other, *one); })) {
      violations.push_back(fmt::format("the name {} is there more than once",
                                       is_text_kind(*one) ? in_quotes(one->text()) : "0x" + to_hex(one->value)));
    }
  }
}

/// The reason why a reader of the model refuses a value; empty where it does not.
template <class Read>
std::string refusal(Read read, std::string_view value) {
  try {
    static_cast<void>(read(value));
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

void email_form(const RequestView& view, Violations& violations) {
  for (const auto* name : view.names_of(GeneralNameTag::rfc822)) {
    std::string why = name->value.empty() ? std::string() : refusal(model::parse_rfc822_name, name->text());
    if (!why.empty()) violations.push_back(std::move(why));
  }
}

void uri_form(const RequestView& view, Violations& violations) {
  for (const auto* name : view.names_of(GeneralNameTag::uri)) {
    std::string why = name->value.empty() ? std::string() : refusal(model::parse_uri, name->text());
    if (!why.empty()) violations.push_back(std::move(why));
  }
}

void ip_length(const RequestView& view, Violations& violations) {
  for (const auto* name : view.names_of(GeneralNameTag::ip)) {
    if (name->value.size() != ipv4_octets && name->value.size() != ipv6_octets) {
      violations.push_back(
          fmt::format("the iPAddress 0x{} has {} octets, not 4 or 16", to_hex(name->value), name->value.size()));
    }
  }
}

void ip_unspecified(const RequestView& view, Violations& violations) {
  for (const auto* name : view.names_of(GeneralNameTag::ip)) {
    const bool sized = name->value.size() == ipv4_octets || name->value.size() == ipv6_octets;
    if (sized && std::all_of(name->value.begin(), name->value.end(), [](std::uint8_t octet) { return octet == 0; })) {
      violations.emplace_back("the iPAddress is the unspecified address, which no host has");
    }
  }
}

void obsolete_kind(const RequestView& view, Violations& violations) {
  if (!view.names_of(GeneralNameTag::x400).empty() || !view.names_of(GeneralNameTag::edi).empty()) {
    violations.emplace_back("the SubjectAltName holds an x400Address or an ediPartyName");
  }
}

constexpr auto shape = RuleSet::shape;

constexpr std::array<CheckedRule, 8> rules = {{
    {{"san-empty", shape, Severity::error, "RFC 5280, 4.2.1.6", "leave the SubjectAltName out, or give a name"},
     no_names},
    {{"san-name-empty", shape, Severity::error, "RFC 5280, 4.2.1.6", "leave the empty name out"}, empty_name},
    {{"san-name-repeated", shape, Severity::warning, "RFC 5280, 4.2.1.6", "give each name once"}, repeated},
    {{"san-email-form", shape, Severity::error, "RFC 5280, 4.2.1.6; RFC 9598, 3",
      "write LOCAL@DOMAIN in ASCII, without a name or brackets, the domain in A-labels"},
     email_form},
    {{"san-uri-form", shape, Severity::error, "RFC 5280, 4.2.1.6; RFC 3986",
      "write an absolute URI, with a scheme and, where it has an authority, a host"},
     uri_form},
    {{"san-ip-length", shape, Severity::error, "RFC 5280, 4.2.1.6", "encode 4 octets for IPv4 or 16 for IPv6, no mask"},
     ip_length},
    {{"san-ip-unspecified", shape, Severity::warning, "RFC 1122, 3.2.1.3; RFC 4291, 2.5.2",
      "name the host's own address"},
     ip_unspecified},
    {{"san-kind-obsolete", shape, Severity::notice, "RFC 5280, 4.2.1.6",
      "leave x400Address and ediPartyName out; hardly anything reads them"},
     obsolete_kind},
}};

}  // namespace

std::span<const CheckedRule> general_name_rules() { return rules; }

}  // namespace p11csr::x509
