#include <algorithm>
#include <array>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "model/ascii.hpp"
#include "model/name_forms.hpp"
#include "model/quote.hpp"
#include "model/utf8.hpp"
#include "x509/lint/oids.hpp"
#include "x509/lint/policy.hpp"
#include "x509/lint/string_tag.hpp"

namespace p11csr::x509 {
namespace {

using crypto::DerElement;
using crypto::DerReader;
using crypto::DerTag;

constexpr std::string_view sid_uri = "tag:microsoft.com,2022-09-14:sid:";

bool is_sid(std::string_view text) {
  const auto parts = model::split(text, '-');
  const auto is_number = [](std::string_view part) {
    return !part.empty() && part.size() <= 15 && std::all_of(part.begin(), part.end(), model::is_digit);
  };
  return parts.size() >= 4 && parts[0] == "S" && std::all_of(parts.begin() + 1, parts.end(), is_number);
}

/// The SID in the extension's one otherName, an OCTET STRING of ASCII (MS-WCCE, 2.2.2.7.7.4); empty where it is none.
std::string_view sid_in(ByteView value) {
  constexpr std::string_view words = "the SID extension";
  try {
    DerReader outer(value, words);
    DerReader names = outer.inside(DerTag::sequence);
    DerReader name = names.inside(DerTag::context_0);
    names.finish();
    const bool right_type = oid_text(name.expect(DerTag::object_identifier).content) == oids::security_identifier_name;
    DerReader content = name.inside(DerTag::context_0);
    const std::string_view text = as_text(content.expect(DerTag::octet_string).content);
    return right_type && is_sid(text) ? text : std::string_view();
  } catch (const Error&) {
    return {};
  }
}

std::vector<std::string_view> sid_uris(const RequestView& view) {
  std::vector<std::string_view> found;
  for (const auto* name : view.names_of(GeneralNameTag::uri)) {
    if (name->text().starts_with(sid_uri)) found.push_back(name->text().substr(sid_uri.size()));
  }
  return found;
}

void upn_missing(const RequestView& view, Violations& violations) {
  if (view.other_names(oids::user_principal_name).empty()) {
    violations.emplace_back("no SubjectAltName is a user principal name");
  }
}

void upn_repeated(const RequestView& view, Violations& violations) {
  const std::size_t count = view.other_names(oids::user_principal_name).size();
  if (count > 1) violations.push_back(fmt::format("there are {} user principal names", count));
}

bool is_upn(ByteView value) {
  try {
    DerReader reader(value, "the user principal name");
    const DerElement string = reader.next();
    reader.finish();
    const std::string_view text = as_text(string.content);
    model::check_text(text, "the user principal name");
    static_cast<void>(model::parse_upn(text));
    return is(string.identifier, StringTag::utf8);
  } catch (const Error&) {
    return false;
  }
}

void upn_form(const RequestView& view, Violations& violations) {
  for (const auto* name : view.other_names(oids::user_principal_name)) {
    if (!is_upn(name->value)) violations.emplace_back("a user principal name is no UTF8String USER@REALM");
  }
}

void purpose(const RequestView& view, Violations& violations) {
  report_missing_purpose(view, violations, oids::smartcard_logon);
}

void client_auth(const RequestView& view, Violations& violations) {
  report_missing_purpose(view, violations, oids::client_auth);
}

void sid_missing(const RequestView& view, Violations& violations) {
  if (view.extension(oids::security_identifier) == nullptr && sid_uris(view).empty()) {
    violations.emplace_back("the account's SID is not named");
  }
}

void sid_form(const RequestView& view, Violations& violations) {
  const auto* extension = view.extension(oids::security_identifier);
  if (extension != nullptr && sid_in(extension->value).empty()) {
    violations.emplace_back("the extension 1.3.6.1.4.1.311.25.2 holds no SID");
  }
  for (const std::string_view sid : sid_uris(view)) {
    if (!is_sid(sid)) violations.push_back(fmt::format("the URI's SID {} is none", model::in_quotes(sid)));
  }
}

void sids_differ(const RequestView& view, Violations& violations) {
  const auto* extension = view.extension(oids::security_identifier);
  const std::string_view sid = extension == nullptr ? std::string_view() : sid_in(extension->value);
  for (const std::string_view other : sid_uris(view)) {
    if (!sid.empty() && is_sid(other) && other != sid) {
      violations.push_back(fmt::format("the extension names the SID {}, and the URI {}", sid, other));
    }
  }
}

void key_kind(const RequestView& view, Violations& violations) {
  report_other_kind(view, violations, {KeyAlgorithm::rsa, KeyAlgorithm::ec});
}

constexpr auto set = RuleSet::smartcard_logon;

constexpr std::array<CheckedRule, 12> rules = {{
    {{"smartcard-logon-upn", set, Severity::error, "KB 281245; MS-PKCA, 3.1.5.2.1", "add --san upn:USER@REALM"},
     upn_missing},
    {{"smartcard-logon-upn-repeated", set, Severity::warning, "KB 281245",
      "name one account; only one name is looked at"},
     upn_repeated},
    {{"smartcard-logon-upn-form", set, Severity::error, "KB 281245", "write USER@REALM as UTF8String"}, upn_form},
    {{"smartcard-logon-purpose", set, Severity::error, "KB 281245", "request 1.3.6.1.4.1.311.20.2.2"}, purpose},
    {{"smartcard-logon-client-auth", set, Severity::warning, "KB 281245",
      "request clientAuth as well, which older domain controllers and TLS servers want"},
     client_auth},
    {{"smartcard-logon-digital-signature", set, Severity::error, "KB 281245; RFC 4556, 3.2.1",
      "add digitalSignature to the key usage"},
     report_no_digital_signature},
    {{"smartcard-logon-sid", set, Severity::warning, "KB 5014754; MS-WCCE, 2.2.2.7.7.4",
      "name the account's SID, unless your CA adds it: domain controllers want a strong mapping"},
     sid_missing},
    {{"smartcard-logon-sid-form", set, Severity::error, "MS-WCCE, 2.2.2.7.7.4; KB 5014754", "write the SID as S-1-5-…"},
     sid_form},
    {{"smartcard-logon-sid-differs", set, Severity::error, "KB 5014754", "name the same account in both places"},
     sids_differ},
    {{"smartcard-logon-key-kind", set, Severity::error, "RFC 4556, 3.1.1; RFC 5349, 3",
      "use an RSA key (rsaEncryption) or an EC key; Kerberos knows no others"},
     key_kind},
    {{"smartcard-logon-curve", set, Severity::error, "RFC 5349, 3", "use P-256, P-384 or P-521"}, report_other_curve},
    {{"smartcard-logon-ca", set, Severity::error, "KB 281245", "leave CA:TRUE out"}, report_ca},
}};

}  // namespace

std::span<const CheckedRule> smartcard_logon_rules() { return rules; }

}  // namespace p11csr::x509
