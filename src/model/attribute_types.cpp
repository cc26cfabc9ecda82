#include "model/attribute_types.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <vector>

#include <p11csr/model/error.hpp>

#include "model/ascii.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"

namespace p11csr::model {

namespace {

constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();
constexpr std::size_t ub_name = 32768;

// The bounds are RFC 5280's, Appendix A.1; for types that it does not have, those of X.520 Annex C (2.5.4.*),
// RFC 1035, 2.3.4 (a domainComponent is one label), RFC 4524, 2.3 (UID) and PKCS #9, pkcs-9-ub-pkcs9String.
constexpr std::array attribute_types = {
    AttributeTypeFacts{"2.5.4.3", "CN", {"commonName"}, ValueRule::directory, 64},
    AttributeTypeFacts{"2.5.4.6", "C", {"countryName"}, ValueRule::country, 2},
    AttributeTypeFacts{"2.5.4.7", "L", {"localityName"}, ValueRule::directory, 128},
    AttributeTypeFacts{"2.5.4.8", "ST", {"stateOrProvinceName", "S"}, ValueRule::directory, 128},
    AttributeTypeFacts{"2.5.4.10", "O", {"organizationName"}, ValueRule::directory, 64},
    AttributeTypeFacts{"2.5.4.11", "OU", {"organizationalUnitName"}, ValueRule::directory, 64},
    AttributeTypeFacts{"2.5.4.9", "street", {"streetAddress"}, ValueRule::directory, 128, false},
    AttributeTypeFacts{"2.5.4.5", "serialNumber", {}, ValueRule::printable, 64},
    AttributeTypeFacts{"2.5.4.12", "title", {"T"}, ValueRule::directory, 64},
    AttributeTypeFacts{"2.5.4.4", "SN", {"surname"}, ValueRule::directory, ub_name},
    AttributeTypeFacts{"2.5.4.42", "GN", {"givenName", "G"}, ValueRule::directory, ub_name},
    AttributeTypeFacts{"2.5.4.43", "initials", {}, ValueRule::directory, ub_name},
    AttributeTypeFacts{"2.5.4.44", "generationQualifier", {"generation"}, ValueRule::directory, ub_name},
    AttributeTypeFacts{"2.5.4.41", "name", {}, ValueRule::directory, ub_name},
    AttributeTypeFacts{"2.5.4.46", "dnQualifier", {}, ValueRule::printable, unbounded},
    AttributeTypeFacts{"2.5.4.65", "pseudonym", {}, ValueRule::directory, 128},
    AttributeTypeFacts{"2.5.4.97", "organizationIdentifier", {}, ValueRule::directory, unbounded},
    AttributeTypeFacts{"2.5.4.15", "businessCategory", {}, ValueRule::directory, 128, false},
    AttributeTypeFacts{"2.5.4.17", "postalCode", {}, ValueRule::directory, 40, false},
    AttributeTypeFacts{"2.5.4.18", "postOfficeBox", {}, ValueRule::directory, 40, false},
    AttributeTypeFacts{"2.5.4.13", "description", {}, ValueRule::directory, 1024, false},
    AttributeTypeFacts{"2.5.4.20", "telephoneNumber", {}, ValueRule::printable, 32, false},
    AttributeTypeFacts{"2.5.4.51", "houseIdentifier", {}, ValueRule::directory, unbounded},
    AttributeTypeFacts{"0.9.2342.19200300.100.1.25", "DC", {"domainComponent"}, ValueRule::ia5, 63, false},
    AttributeTypeFacts{"0.9.2342.19200300.100.1.1", "UID", {"userId"}, ValueRule::directory, 256, false},
    AttributeTypeFacts{"1.2.840.113549.1.9.1", "emailAddress", {"E", "email"}, ValueRule::ia5, 255},
    AttributeTypeFacts{"1.2.840.113549.1.9.2", "unstructuredName", {}, ValueRule::directory, 255, false},
    AttributeTypeFacts{"1.2.840.113549.1.9.8", "unstructuredAddress", {}, ValueRule::directory, 255, false},
    AttributeTypeFacts{"1.3.6.1.4.1.311.60.2.1.3",
                       "jurisdictionC",
                       {"jurisdictionCountryName", "jurisdictionOfIncorporationCountryName"},
                       ValueRule::country,
                       2},
    AttributeTypeFacts{"1.3.6.1.4.1.311.60.2.1.2",
                       "jurisdictionST",
                       {"jurisdictionStateOrProvinceName", "jurisdictionOfIncorporationStateOrProvinceName"},
                       ValueRule::directory,
                       128,
                       false},
    AttributeTypeFacts{"1.3.6.1.4.1.311.60.2.1.1",
                       "jurisdictionL",
                       {"jurisdictionLocalityName", "jurisdictionOfIncorporationLocalityName"},
                       ValueRule::directory,
                       128,
                       false},
};

bool is_named(const AttributeTypeFacts& facts, std::string_view name) {
  if (equal_ignoring_case(facts.name, name)) return true;
  return std::any_of(facts.aliases.begin(), facts.aliases.end(),
                     [name](std::string_view alias) { return !alias.empty() && equal_ignoring_case(alias, name); });
}

std::vector<std::string_view> all_names() {
  std::vector<std::string_view> names;
  for (const auto& facts : attribute_types) {
    names.push_back(facts.name);
    names.insert(names.end(), facts.aliases.begin(), facts.aliases.end());
  }
  return names;
}

}  // namespace

const AttributeTypeFacts* find_attribute_type(const Oid& type) {
  const auto found = std::find_if(attribute_types.begin(), attribute_types.end(),
                                  [&](const AttributeTypeFacts& facts) { return facts.oid == type.dotted(); });
  return found == attribute_types.end() ? nullptr : &*found;
}

Oid parse_attribute_type(std::string_view text, std::string_view hint) {
  if (!text.empty() && is_digit(text.front())) return Oid::parse(text);
  // RFC 2253, 4 and Java write "OID.2.5.4.97".
  constexpr std::string_view oid_prefix = "oid.";
  if (equal_ignoring_case(text.substr(0, oid_prefix.size()), oid_prefix)) {
    return Oid::parse(text.substr(oid_prefix.size()));
  }
  const auto found = std::find_if(attribute_types.begin(), attribute_types.end(),
                                  [text](const AttributeTypeFacts& facts) { return is_named(facts, text); });
  if (found != attribute_types.end()) return Oid::parse(found->oid);
  throw Error(Errc::malformed_input, fmt::format("unknown attribute type {} in the subject", in_quotes(text)),
              did_you_mean(text, all_names(), std::string(hint)));
}

}  // namespace p11csr::model
