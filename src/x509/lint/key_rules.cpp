#include <algorithm>
#include <array>
#include <fmt/format.h>

#include <p11csr/crypto/key_sanity.hpp>

#include "x509/lint/rule.hpp"

namespace p11csr::x509 {
namespace {

using crypto::DerTag;

bool is_usable(const RequestView& view, KeyAlgorithm algorithm) {
  return view.key.present && view.key.well_formed && view.key.algorithm == algorithm;
}

void malformed(const RequestView& view, Violations& violations) {
  if (!view.key.well_formed) violations.emplace_back("the SubjectPublicKeyInfo is not well-formed");
}

void unknown(const RequestView& view, Violations& violations) {
  if (is_usable(view, KeyAlgorithm::unknown)) {
    violations.push_back(fmt::format("a key of the kind '{}' is not known here", view.key.name));
  }
}

void rsa_parameters(const RequestView& view, Violations& violations) {
  if (!is_usable(view, KeyAlgorithm::rsa) || view.key.restricted_to_pss) return;
  const auto& parameters = view.key.parameters;
  if (!(parameters && parameters->is(DerTag::null) && parameters->content.empty())) {
    violations.emplace_back("rsaEncryption has parameters other than NULL");
  }
}

bool names_its_curve(const RequestView& view) {
  return view.key.parameters && view.key.parameters->is(DerTag::object_identifier);
}

void ec_parameters(const RequestView& view, Violations& violations) {
  if (is_usable(view, KeyAlgorithm::ec) && !names_its_curve(view)) {
    violations.emplace_back("the EC key does not name its curve by an OID");
  }
}

void ec_curve(const RequestView& view, Violations& violations) {
  if (is_usable(view, KeyAlgorithm::ec) && names_its_curve(view) && !view.key.curve) {
    violations.push_back(fmt::format("the curve {} is none of those that are known to be sound",
                                     oid_text(view.key.parameters->content)));
  }
}

void ec_point(const RequestView& view, Violations& violations) {
  if (is_usable(view, KeyAlgorithm::ec) && view.key.curve && !view.key.checked &&
      !crypto::is_point_on_curve(*view.key.curve, view.key.octets)) {
    violations.push_back(fmt::format("the EC point is not on {}, or is infinity", facts(*view.key.curve).name));
  }
}

void ec_compressed(const RequestView& view, Violations& violations) {
  const ByteView octets = view.key.octets;
  if (is_usable(view, KeyAlgorithm::ec) && !octets.empty() && (octets[0] == 2 || octets[0] == 3)) {
    violations.emplace_back("the EC point is compressed");
  }
}

bool is_edwards(const RequestView& view) {
  return is_usable(view, KeyAlgorithm::ed25519) || is_usable(view, KeyAlgorithm::ed448);
}

void edwards_size(const RequestView& view, Violations& violations) {
  if (!is_edwards(view)) return;
  const auto curve = view.key.algorithm == KeyAlgorithm::ed25519 ? EdwardsCurve::ed25519 : EdwardsCurve::ed448;
  if (view.key.octets.size() != crypto::edwards_key_size(curve)) {
    violations.push_back(fmt::format("the key of {} has {} octets, not {}", view.key.name, view.key.octets.size(),
                                     crypto::edwards_key_size(curve)));
  }
}

void edwards_parameters(const RequestView& view, Violations& violations) {
  if (is_edwards(view) && view.key.parameters) {
    violations.push_back(fmt::format("the key of {} has parameters", view.key.name));
  }
}

void ml_dsa_size(const RequestView& view, Violations& violations) {
  if (!is_usable(view, KeyAlgorithm::ml_dsa)) return;
  const auto& known = facts(*view.key.ml_dsa);
  if (view.key.octets.size() != known.public_key_size) {
    violations.push_back(
        fmt::format("the key of {} has {} octets, not {}", known.name, view.key.octets.size(), known.public_key_size));
  }
}

void ml_dsa_parameters(const RequestView& view, Violations& violations) {
  if (is_usable(view, KeyAlgorithm::ml_dsa) && view.key.parameters) {
    violations.push_back(fmt::format("the key of {} has parameters", view.key.name));
  }
}

void ml_dsa_zero(const RequestView& view, Violations& violations) {
  if (is_usable(view, KeyAlgorithm::ml_dsa) && crypto::ml_dsa_key_proves_nothing(view.key.octets)) {
    violations.push_back(fmt::format("the key of {} is a seed and zeros: anybody makes its signatures", view.key.name));
  }
}

constexpr auto key = RuleSet::key;

constexpr std::array<CheckedRule, 12> rules = {{
    {{"key-malformed", key, Severity::error, "RFC 5280, 4.1.2.7; RFC 8017, A.1.1",
      "encode the key as SubjectPublicKeyInfo"},
     malformed},
    {{"key-unknown", key, Severity::notice, "RFC 3279, 2.3", "look whether your CA takes such keys"}, unknown},
    {{"key-rsa-parameters", key, Severity::error, "RFC 3279, 2.3.1", "encode NULL as the parameters of rsaEncryption"},
     rsa_parameters},
    {{"key-ec-parameters", key, Severity::error, "RFC 5480, 2.1.1", "name the curve by its OID"}, ec_parameters},
    {{"key-ec-curve", key, Severity::error, "NIST SP 800-186, 3; RFC 5639, 3; SEC 2, 2.4", "use P-256, P-384 or P-521"},
     ec_curve},
    {{"key-ec-point", key, Severity::error, "NIST SP 800-56A, 5.6.2.3; SEC 1, 3.2.2",
      "generate another key, and distrust what made this one"},
     ec_point},
    {{"key-ec-compressed", key, Severity::notice, "RFC 5480, 2.2",
      "encode the point uncompressed, which every CA reads"},
     ec_compressed},
    {{"key-edwards-size", key, Severity::error, "RFC 8032, 5.1.5 and 5.2.5", "encode the 32 or 57 octets of the key"},
     edwards_size},
    {{"key-edwards-parameters", key, Severity::error, "RFC 8410, 3", "leave the parameters out"}, edwards_parameters},
    {{"key-ml-dsa-size", key, Severity::error, "FIPS 204, 4 (table 2)",
      "encode the 1312, 1952 or 2592 octets of the key as they are"},
     ml_dsa_size},
    {{"key-ml-dsa-parameters", key, Severity::error, "RFC 9881, 2", "leave the parameters out"}, ml_dsa_parameters},
    {{"key-ml-dsa-zero", key, Severity::error, "FIPS 204, 6.3 (algorithm 8)",
      "generate another key, and distrust what made this one"},
     ml_dsa_zero},
}};

}  // namespace

std::span<const CheckedRule> key_rules() { return rules; }

}  // namespace p11csr::x509
