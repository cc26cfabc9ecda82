#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <initializer_list>
#include <optional>

#include <p11csr/model/error.hpp>

#include "model/ascii.hpp"
#include "model/idna.hpp"
#include "model/name_forms.hpp"
#include "model/quote.hpp"
#include "x509/lint/judge_names.hpp"
#include "x509/lint/oids.hpp"
#include "x509/lint/reserved_names.hpp"
#include "x509/lint/rule.hpp"

namespace p11csr::x509 {
namespace {

using model::in_quotes;

constexpr std::size_t onion_v3_label = 56;

void names_missing(const RequestView& view, Violations& violations) {
  if (view.extension(oids::subject_alt_name) == nullptr) violations.emplace_back("there is no SubjectAltName");
}

void other_kind(const RequestView& view, Violations& violations) {
  if (!view.names) return;
  const auto count = std::count_if(view.names->begin(), view.names->end(), [](const GeneralNameView& name) {
    return name.tag != GeneralNameTag::dns && name.tag != GeneralNameTag::ip;
  });
  if (count != 0) violations.push_back(fmt::format("{} names are neither dNSName nor iPAddress", count));
}

/// A host in A-labels; other text as it is.
std::string host_in_a_labels(const std::string& text) {
  try {
    return model::host_name(text);
  } catch (const Error&) {
    return text;
  }
}

/// The name that a CN stands for: the same letters, or the same host or address in another spelling.
struct CommonNameMatch {
  bool same_letters = false;
  std::optional<std::string> other_spelling;  // as the SubjectAltName has it
};

/// TLS BR, 7.1.4.3: "a character-for-character copy of the dNSName entry value", or an address in the form of RFC 3986,
/// 3.2.2 or RFC 5952, 4. That binds certificates: a CA may still make that copy of what is the same name.
CommonNameMatch match_common_name(const RequestView& view, const std::string& common_name) {
  const Bytes octets = model::is_ip_address(common_name) ? model::parse_ip_address(common_name).octets : Bytes{};
  const std::string host = host_in_a_labels(common_name);
  CommonNameMatch match;
  for (const GeneralNameView& name : *view.names) {
    const bool is_address = name.tag == GeneralNameTag::ip;
    if (!is_address && name.tag != GeneralNameTag::dns) continue;
    const std::string text = is_address ? address_text(name.value) : std::string(name.text());
    match.same_letters = match.same_letters || text == common_name;
    const bool same = is_address ? std::equal(name.value.begin(), name.value.end(), octets.begin(), octets.end())
                                 : model::equal_ignoring_case(text, host);
    if (same) match.other_spelling = text;
  }
  return match;
}

void common_name_elsewhere(const RequestView& view, Violations& violations) {
  if (!view.names) return;
  for (const auto* one : view.values_of(oids::common_name)) {
    if (!one->text) continue;
    const CommonNameMatch match = match_common_name(view, *one->text);
    if (!match.same_letters && !match.other_spelling)
      violations.push_back(fmt::format("the subject's CN {} is not among the names", in_quotes(*one->text)));
  }
}

void common_name_spelling(const RequestView& view, Violations& violations) {
  if (!view.names) return;
  for (const auto* one : view.values_of(oids::common_name)) {
    if (!one->text) continue;
    const CommonNameMatch match = match_common_name(view, *one->text);
    if (!match.same_letters && match.other_spelling)
      violations.push_back(fmt::format("the names have the subject's CN {} as {}", in_quotes(*one->text),
                                       in_quotes(*match.other_spelling)));
  }
}

void common_name_repeated(const RequestView& view, Violations& violations) {
  const std::size_t count = view.values_of(oids::common_name).size();
  if (count > 1) violations.push_back(fmt::format("the subject has {} CNs", count));
}

void internal_name(const RequestView& view, Violations& violations) {
  judge_names(view, violations, "is not a name of the public DNS", is_internal_name);
}

void reserved_address(const RequestView& view, Violations& violations) {
  for (const auto* name : view.names_of(GeneralNameTag::ip)) {
    if (is_reserved_address(name->value)) {
      violations.push_back(fmt::format("the iPAddress {} is reserved", address_text(name->value)));
    }
  }
}

void underscore(const RequestView& view, Violations& violations) {
  judge_names(view, violations, "holds an underscore",
              [](std::string_view name) { return name.find('_') != std::string_view::npos; });
}

void wildcard_suffix(const RequestView& view, Violations& violations) {
  judge_names(view, violations, "is a wildcard for a public suffix",
              [](std::string_view name) { return name.starts_with("*.") && is_public_suffix(name.substr(2)); });
}

void onion(const RequestView& view, Violations& violations) {
  judge_names(view, violations, "is no onion name of version 3", [](std::string_view name) {
    const auto labels = model::split(name, '.');
    if (labels.size() < 2 || !model::equal_ignoring_case(labels.back(), "onion")) return false;
    const std::string_view service = labels[labels.size() - 2];
    const bool base32 = std::all_of(service.begin(), service.end(),
                                    [](char c) { return model::is_letter(c) || (c >= '2' && c <= '7'); });
    return service.size() != onion_v3_label || !base32 || model::lower(service.back()) != 'd';
  });
}

constexpr auto set = RuleSet::cabf_tls;

constexpr std::array<CheckedRule, 10> rules = {{
    {{"cabf-tls-san-missing", set, Severity::error, "TLS BR, 7.1.2.7.12", "give every name as a SubjectAltName"},
     names_missing},
    {{"cabf-tls-san-kind", set, Severity::error, "TLS BR, 7.1.2.7.12", "give names as dNSName and iPAddress only"},
     other_kind},
    {{"cabf-tls-common-name-not-in-san", set, Severity::error, "TLS BR, 7.1.4.3",
      "repeat one of the SubjectAltNames as CN, or leave the CN out"},
     common_name_elsewhere},
    {{"cabf-tls-common-name-spelling", set, Severity::warning, "TLS BR, 7.1.4.3",
      "repeat the SubjectAltName letter for letter (A-labels; IPv6 as RFC 5952 writes it), or leave the CN out"},
     common_name_spelling},
    {{"cabf-tls-common-name-repeated", set, Severity::error, "TLS BR, 7.1.4.3",
      "give one CN at most, and the others as SubjectAltNames"},
     common_name_repeated},
    {{"cabf-tls-internal-name", set, Severity::error, "TLS BR, 7.1.2.7.12 and 1.6.1 (Internal Name); RFC 6761, 6",
      "use a name of the public DNS, or a CA of your own"},
     internal_name},
    {{"cabf-tls-reserved-address", set, Severity::error,
      "TLS BR, 7.1.2.7.12 and 1.6.1 (Reserved IP Address); RFC 6890, 2.2", "use a public address, or a CA of your own"},
     reserved_address},
    {{"cabf-tls-underscore", set, Severity::error, "TLS BR, 7.1.2.7.12; RFC 1034, 3.5",
      "use a name without underscores"},
     underscore},
    {{"cabf-tls-wildcard-suffix", set, Severity::error, "TLS BR, 3.2.2.6",
      "put the wildcard below a domain of your own"},
     wildcard_suffix},
    {{"cabf-tls-onion", set, Severity::error, "TLS BR, Appendix B", "use the service's 56 characters of version 3"},
     onion},
}};

}  // namespace

std::span<const CheckedRule> cabf_tls_name_rules() { return rules; }

}  // namespace p11csr::x509
