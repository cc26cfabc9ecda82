#include <algorithm>
#include <array>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "model/ascii.hpp"
#include "model/quote.hpp"
#include "x509/lint/oids.hpp"
#include "x509/lint/policy.hpp"

namespace p11csr::x509 {
namespace {

using crypto::DerElement;
using crypto::DerReader;
using crypto::DerTag;

constexpr std::string_view uuid_uri = "urn:uuid:";
constexpr std::size_t fasc_n_octets = 25;

void key_kind(const RequestView& view, Violations& violations) {
  const KeyView& key = view.key;
  if (key.name.empty() || !key.well_formed) return;
  const bool rsa = key.algorithm == KeyAlgorithm::rsa && (key.bits == 2048 || key.bits == 3072);
  const bool ec = key.curve == NamedCurve::p256 || key.curve == NamedCurve::p384;
  if (!rsa && !ec) violations.push_back(fmt::format("the key ({}) is none that a PIV card holds", key.name));
}

void rsa_exponent(const RequestView& view, Violations& violations) {
  constexpr std::array<std::uint8_t, 3> fermat_number = {1, 0, 1};
  const ByteView exponent = view.key.exponent;
  if (!exponent.empty() && !std::equal(exponent.begin(), exponent.end(), fermat_number.begin(), fermat_number.end())) {
    violations.push_back(fmt::format("the RSA exponent is 0x{}, not 65537", to_hex(exponent)));
  }
}

std::vector<const GeneralNameView*> uuids(const RequestView& view) {
  auto found = view.names_of(GeneralNameTag::uri);
  std::erase_if(found, [](const GeneralNameView* name) {
    return !model::equal_ignoring_case(name->text().substr(0, uuid_uri.size()), uuid_uri);
  });
  return found;
}

bool is_uuid(std::string_view text) {
  constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return text.size() == form.size() && std::equal(text.begin(), text.end(), form.begin(), [](char c, char place) {
           return place == '-' ? c == '-' : model::hex_digit(c).has_value();
         });
}

void uuid_missing(const RequestView& view, Violations& violations) {
  if (uuids(view).empty()) violations.emplace_back("no SubjectAltName is the card's UUID");
}

void uuid_form(const RequestView& view, Violations& violations) {
  for (const auto* name : uuids(view)) {
    if (!is_uuid(name->text().substr(uuid_uri.size()))) {
      violations.push_back(fmt::format("the URI {} is no UUID", model::in_quotes(name->text())));
    }
  }
}

void fasc_n_missing(const RequestView& view, Violations& violations) {
  if (view.other_names(oids::fasc_n).empty()) violations.emplace_back("no SubjectAltName is a FASC-N");
}

bool is_fasc_n(ByteView value) {
  try {
    DerReader reader(value, "the FASC-N");
    const DerElement octets = reader.expect(DerTag::octet_string);
    reader.finish();
    return octets.content.size() == fasc_n_octets;
  } catch (const Error&) {
    return false;
  }
}

void fasc_n_form(const RequestView& view, Violations& violations) {
  for (const auto* name : view.other_names(oids::fasc_n)) {
    if (!is_fasc_n(name->value)) violations.emplace_back("the FASC-N is no OCTET STRING of 25 octets");
  }
}

void purpose(const RequestView& view, Violations& violations) {
  if (!view.purposes) return;
  constexpr std::array known = {oids::client_auth, oids::smartcard_logon, oids::piv_card_auth, oids::any_purpose};
  if (std::none_of(known.begin(), known.end(), [&](auto oid) { return view.has_purpose(oid); })) {
    violations.emplace_back("extKeyUsage has no purpose of a PIV card");
  }
}

void card_auth_critical(const RequestView& view, Violations& violations) {
  if (view.has_purpose(oids::piv_card_auth) && !view.extension(oids::extended_key_usage)->critical) {
    violations.emplace_back("extKeyUsage has id-PIV-cardAuth and is not critical");
  }
}

void other_usage(const RequestView& view, Violations& violations) {
  using enum KeyUsageBit;
  report_usages(view, violations,
                {content_commitment, key_encipherment, data_encipherment, key_agreement, key_cert_sign, crl_sign});
}

constexpr auto set = RuleSet::piv;

constexpr std::array<CheckedRule, 11> rules = {{
    {{"piv-key-kind", set, Severity::error, "NIST SP 800-78-5, 3.1", "use RSA 2048, RSA 3072, P-256 or P-384"},
     key_kind},
    {{"piv-rsa-exponent", set, Severity::error, "NIST SP 800-78-5, 3.1", "generate a key with the exponent 65537"},
     rsa_exponent},
    {{"piv-uuid", set, Severity::warning, "FIPS 201-3, 5.2.1", "add --san uri:urn:uuid:UUID"}, uuid_missing},
    {{"piv-uuid-form", set, Severity::error, "RFC 9562, 4; FIPS 201-3, 5.2.1",
      "write urn:uuid: and 32 hexadecimal digits as 8-4-4-4-12"},
     uuid_form},
    {{"piv-fasc-n", set, Severity::notice, "FIPS 201-3, 5.2.1",
      "add the FASC-N as otherName 2.16.840.1.101.3.6.6, unless the card is PIV-I"},
     fasc_n_missing},
    {{"piv-fasc-n-form", set, Severity::error, "FIPS 201-3, 5.2.1; TIG SCEPACS, 6", "encode 25 octets"}, fasc_n_form},
    {{"piv-purpose", set, Severity::error, "FIPS 201-3, 5.2.1",
      "request clientAuth and smart-card logon, or id-PIV-cardAuth"},
     purpose},
    {{"piv-card-auth-critical", set, Severity::error, "FIPS 201-3, 5.2.1", "mark extKeyUsage critical"},
     card_auth_critical},
    {{"piv-digital-signature", set, Severity::error, "FIPS 201-3, 5.2.1; NIST SP 800-78-5, 3.1",
      "add digitalSignature to the key usage"},
     report_no_digital_signature},
    {{"piv-other-usage", set, Severity::error, "FIPS 201-3, 5.2.1",
      "request digitalSignature only; that key authenticates the card"},
     other_usage},
    {{"piv-ca", set, Severity::error, "FIPS 201-3, 5.2.1", "leave CA:TRUE out"}, report_ca},
}};

}  // namespace

std::span<const CheckedRule> piv_rules() { return rules; }

}  // namespace p11csr::x509
