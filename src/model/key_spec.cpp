#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <utility>

#include <p11csr/model/error.hpp>
#include <p11csr/model/key_spec.hpp>

#include "model/ascii.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"

namespace p11csr {

namespace {

/// folded drops what spellings of a curve's name differ in: "P-256", "p256", "NIST P-256".
std::string folded(std::string_view name) {
  std::string result = model::lower(name);
  std::erase_if(result, [](char c) { return c == '-' || c == '_' || c == ' '; });
  return result;
}

std::vector<std::string_view> curve_names() {
  std::vector<std::string_view> names;
  for (const auto& known : named_curves()) names.push_back(known.name);
  return names;
}

std::string every_kind() {
  return fmt::format(
      "the kinds are rsa:2048, rsa:3072, rsa:4096, ec:CURVE with {}, ed25519, ed448, ml-dsa-44, ml-dsa-65, ml-dsa-87",
      model::join(curve_names(), ", "));
}

RsaKey parse_rsa(std::string_view size, std::string_view text) {
  for (const unsigned bits : {2048U, 3072U, 4096U}) {
    if (size == std::to_string(bits)) return {bits};
  }
  throw Error(Errc::usage,
              fmt::format("the key kind {} is no RSA key of 2048, 3072 or 4096 bits", model::in_quotes(text)),
              "rsa:3072, for example");
}

EcKey parse_ec(std::string_view name, std::string_view text) {
  if (const auto curve = find_curve(name)) return {*curve};
  const auto names = curve_names();
  throw Error(Errc::usage, fmt::format("the key kind {} names no known curve", model::in_quotes(text)),
              model::did_you_mean(name, names, "the curves are " + model::join(names, ", ")));
}

std::string_view edwards_name(EdwardsCurve curve) { return curve == EdwardsCurve::ed25519 ? "Ed25519" : "Ed448"; }

/// DisplayName is a kind's name for people.
struct DisplayName {
  std::string operator()(const RsaKey& key) const { return fmt::format("RSA {}", key.bits); }
  std::string operator()(const EcKey& key) const { return fmt::format("EC {}", facts(key.curve).name); }
  std::string operator()(const EdwardsKey& key) const { return std::string(edwards_name(key.curve)); }
  std::string operator()(const MlDsaKey& key) const { return std::string(facts(key.set).name); }
};

/// SpecText is what parse_key_spec reads.
struct SpecText {
  std::string operator()(const RsaKey& key) const { return fmt::format("rsa:{}", key.bits); }
  std::string operator()(const EcKey& key) const { return fmt::format("ec:{}", facts(key.curve).name); }
  std::string operator()(const EdwardsKey& key) const { return model::lower(edwards_name(key.curve)); }
  std::string operator()(const MlDsaKey& key) const { return model::lower(facts(key.set).name); }
};

}  // namespace

const std::vector<NamedCurveFacts>& named_curves() {
  static const std::vector<NamedCurveFacts> curves = {
      {NamedCurve::p256, "P-256", "prime256v1", "1.2.840.10045.3.1.7", 256},
      {NamedCurve::p384, "P-384", "secp384r1", "1.3.132.0.34", 384},
      {NamedCurve::p521, "P-521", "secp521r1", "1.3.132.0.35", 521},
      {NamedCurve::secp256k1, "secp256k1", "", "1.3.132.0.10", 256},
      {NamedCurve::brainpool_p256r1, "brainpoolP256r1", "", "1.3.36.3.3.2.8.1.1.7", 256},
      {NamedCurve::brainpool_p320r1, "brainpoolP320r1", "", "1.3.36.3.3.2.8.1.1.9", 320},
      {NamedCurve::brainpool_p384r1, "brainpoolP384r1", "", "1.3.36.3.3.2.8.1.1.11", 384},
      {NamedCurve::brainpool_p512r1, "brainpoolP512r1", "", "1.3.36.3.3.2.8.1.1.13", 512},
  };
  return curves;
}

const NamedCurveFacts& facts(NamedCurve curve) {
  for (const auto& known : named_curves()) {
    if (known.curve == curve) return known;
  }
  throw Error(Errc::unexpected, "a curve without facts");
}

std::optional<NamedCurve> find_curve(std::string_view name_or_oid) {
  std::string wanted = folded(name_or_oid);
  if (wanted.starts_with("nist")) wanted.erase(0, 4);
  if (wanted == "secp256r1") return NamedCurve::p256;  // SEC 2's name; prime256v1 is that of ANSI X9.62
  for (const auto& known : named_curves()) {
    const bool named = wanted == folded(known.name) || (!known.sec_name.empty() && wanted == known.sec_name);
    if (named || name_or_oid == known.oid) return known.curve;
  }
  return std::nullopt;
}

const std::array<MlDsaFacts, 3>& ml_dsa_sets() {
  static constexpr std::array<MlDsaFacts, 3> sets{{
      {MlDsaSet::ml_dsa_44, "ML-DSA-44", "2.16.840.1.101.3.4.3.17", 1312, 2420},
      {MlDsaSet::ml_dsa_65, "ML-DSA-65", "2.16.840.1.101.3.4.3.18", 1952, 3309},
      {MlDsaSet::ml_dsa_87, "ML-DSA-87", "2.16.840.1.101.3.4.3.19", 2592, 4627},
  }};
  return sets;
}

const MlDsaFacts& facts(MlDsaSet set) { return ml_dsa_sets().at(static_cast<std::size_t>(set)); }

KeySpec parse_key_spec(std::string_view text) {
  const auto colon = text.find(':');
  const std::string kind = model::lower(text.substr(0, colon));
  if (colon == std::string_view::npos) {
    if (kind == "ed25519") return EdwardsKey{EdwardsCurve::ed25519};
    if (kind == "ed448") return EdwardsKey{EdwardsCurve::ed448};
    for (const auto& known : ml_dsa_sets()) {
      if (kind == model::lower(known.name)) return MlDsaKey{known.set};
    }
  } else {
    if (kind == "rsa") return parse_rsa(text.substr(colon + 1), text);
    if (kind == "ec") return parse_ec(text.substr(colon + 1), text);
  }
  throw Error(Errc::usage, fmt::format("unknown key kind {}", model::in_quotes(text)), every_kind());
}

std::string to_string(const KeySpec& key) { return std::visit(SpecText{}, key); }

std::string display_name(const KeySpec& key) { return std::visit(DisplayName{}, key); }

}  // namespace p11csr
