#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "x509/algorithm_identifier.hpp"
#include "x509/lint/rule.hpp"

namespace p11csr::x509 {
namespace {

using crypto::DerTag;

/// What is known of a signature algorithm: the key it needs, and what its parameters are to be.
enum class Parameters { null, absent, pss };
struct SignatureFacts {
  std::string_view oid;
  std::string_view name;
  KeyAlgorithm key;
  Parameters parameters;
  bool weak;
  unsigned digest_bits;  // of ECDSA
};

constexpr std::array<SignatureFacts, 21> algorithms = {{
    {"1.2.840.113549.1.1.2", "md2WithRSAEncryption", KeyAlgorithm::rsa, Parameters::null, true, 0},
    {"1.2.840.113549.1.1.3", "md4WithRSAEncryption", KeyAlgorithm::rsa, Parameters::null, true, 0},
    {"1.2.840.113549.1.1.4", "md5WithRSAEncryption", KeyAlgorithm::rsa, Parameters::null, true, 0},
    {"1.2.840.113549.1.1.5", "sha1WithRSAEncryption", KeyAlgorithm::rsa, Parameters::null, true, 0},
    {"1.3.14.3.2.29", "sha1WithRSA", KeyAlgorithm::rsa, Parameters::null, true, 0},
    {"1.2.840.10045.4.1", "ecdsa-with-SHA1", KeyAlgorithm::ec, Parameters::absent, true, 0},
    {"1.2.840.113549.1.1.14", "sha224WithRSAEncryption", KeyAlgorithm::rsa, Parameters::null, false, 0},
    {"1.2.840.113549.1.1.11", "sha256WithRSAEncryption", KeyAlgorithm::rsa, Parameters::null, false, 0},
    {"1.2.840.113549.1.1.12", "sha384WithRSAEncryption", KeyAlgorithm::rsa, Parameters::null, false, 0},
    {"1.2.840.113549.1.1.13", "sha512WithRSAEncryption", KeyAlgorithm::rsa, Parameters::null, false, 0},
    {"1.2.840.113549.1.1.10", "rsassaPss", KeyAlgorithm::rsa, Parameters::pss, false, 0},
    {"1.2.840.10045.4.3.1", "ecdsa-with-SHA224", KeyAlgorithm::ec, Parameters::absent, false, 224},
    {"1.2.840.10045.4.3.2", "ecdsa-with-SHA256", KeyAlgorithm::ec, Parameters::absent, false, 256},
    {"1.2.840.10045.4.3.3", "ecdsa-with-SHA384", KeyAlgorithm::ec, Parameters::absent, false, 384},
    {"1.2.840.10045.4.3.4", "ecdsa-with-SHA512", KeyAlgorithm::ec, Parameters::absent, false, 512},
    {"1.3.101.112", "Ed25519", KeyAlgorithm::ed25519, Parameters::absent, false, 0},
    {"1.3.101.113", "Ed448", KeyAlgorithm::ed448, Parameters::absent, false, 0},
    {"2.16.840.1.101.3.4.3.17", "ML-DSA-44", KeyAlgorithm::ml_dsa, Parameters::absent, false, 0},
    {"2.16.840.1.101.3.4.3.18", "ML-DSA-65", KeyAlgorithm::ml_dsa, Parameters::absent, false, 0},
    {"2.16.840.1.101.3.4.3.19", "ML-DSA-87", KeyAlgorithm::ml_dsa, Parameters::absent, false, 0},
    {"2.16.840.1.101.3.4.3.2", "dsa-with-SHA256", KeyAlgorithm::unknown, Parameters::absent, false, 0},
}};

const SignatureFacts* facts_of(const RequestView& view) {
  if (!view.algorithm) return nullptr;
  const auto* const found = std::find_if(algorithms.begin(), algorithms.end(),
                                         [&](const SignatureFacts& one) { return one.oid == view.algorithm->oid; });
  return found == algorithms.end() ? nullptr : found;
}

void wrong_signature(const RequestView& view, Violations& violations) {
  if (view.signature == SignatureVerdict::invalid) {
    violations.emplace_back("the signature is not one of the request's key over what the request says");
  }
}

void unverified_signature(const RequestView& view, Violations& violations) {
  if (view.signature != SignatureVerdict::unsupported || !view.algorithm) return;
  const auto* algorithm = facts_of(view);
  violations.push_back(fmt::format("the signature was not verified: {} with this key cannot be checked here",
                                   algorithm == nullptr ? view.algorithm->oid : algorithm->name));
}

void weak_digest(const RequestView& view, Violations& violations) {
  const auto* algorithm = facts_of(view);
  if (algorithm != nullptr && algorithm->weak) {
    violations.push_back(fmt::format("the signature algorithm is {}", algorithm->name));
  }
}

void parameters(const RequestView& view, Violations& violations) {
  const auto* algorithm = facts_of(view);
  if (algorithm == nullptr) return;
  const auto& found = view.algorithm->parameters;
  if (algorithm->parameters == Parameters::absent && found) {
    violations.push_back(fmt::format("{} has parameters", algorithm->name));
  }
  if (algorithm->parameters == Parameters::null && !(found && found->is(DerTag::null) && found->content.empty())) {
    violations.push_back(fmt::format("{} has parameters other than NULL", algorithm->name));
  }
}

void pss_parameters(const RequestView& view, Violations& violations) {
  const auto* algorithm = facts_of(view);
  if (algorithm == nullptr || algorithm->parameters != Parameters::pss) return;
  const auto parsed = parse_algorithm(view.algorithm->whole);
  const auto* pss = parsed ? std::get_if<RsaPssSignature>(&*parsed) : nullptr;
  if (pss == nullptr) {
    violations.emplace_back("RSASSA-PSS is not with SHA-256, SHA-384 or SHA-512 for the message and MGF1 alike");
  } else if (pss->salt_length != digest_size(pss->digest)) {
    violations.push_back(fmt::format("RSASSA-PSS has a salt of {} octets, and {} has {}", pss->salt_length,
                                     digest_name(pss->digest), digest_size(pss->digest)));
  }
}

void does_not_fit_key(const RequestView& view, Violations& violations) {
  const auto* algorithm = facts_of(view);
  if (algorithm == nullptr || view.key.algorithm == KeyAlgorithm::unknown) return;
  const bool only_pss = view.key.restricted_to_pss && algorithm->parameters != Parameters::pss;
  const bool other_set = view.key.ml_dsa && facts(*view.key.ml_dsa).oid != algorithm->oid;
  if (algorithm->key != view.key.algorithm || only_pss || other_set) {
    violations.push_back(fmt::format("{} is no signature of a key of the kind {}", algorithm->name, view.key.name));
  }
}

void short_digest(const RequestView& view, Violations& violations) {
  const auto* algorithm = facts_of(view);
  if (algorithm == nullptr || algorithm->digest_bits == 0 || !view.key.curve) return;
  const unsigned field = facts(*view.key.curve).field_bits;
  // SHA-512 is what goes with the 521 bits of P-521.
  if (algorithm->digest_bits < std::min(field, 512U)) {
    violations.push_back(fmt::format("{} is weaker than {}", algorithm->name, facts(*view.key.curve).name));
  }
}

constexpr auto shape = RuleSet::shape;

constexpr std::array<CheckedRule, 7> rules = {{
    {{"request-signature", shape, Severity::error, "RFC 2986, 3 and 4.2",
      "sign the request anew, with the private key of the public key that is in it"},
     wrong_signature},
    {{"request-signature-unverified", shape, Severity::warning, "RFC 2986, 3 and 4.2",
      "sign with an algorithm that is known, or verify the request where this one is"},
     unverified_signature},
    {{"signature-digest-weak", shape, Severity::error, "RFC 6151, 2; RFC 9155, 1", "sign with SHA-256 or stronger"},
     weak_digest},
    {{"signature-parameters", shape, Severity::error, "RFC 4055, 5; RFC 5758, 3.2; RFC 8410, 3; RFC 9881, 3",
      "encode NULL with RSA PKCS #1, and no parameters with ECDSA, Ed25519, Ed448 and ML-DSA"},
     parameters},
    {{"signature-pss-parameters", shape, Severity::warning, "RFC 4055, 3.1",
      "use one digest for the message and MGF1, and a salt as long as it"},
     pss_parameters},
    {{"signature-key-mismatch", shape, Severity::error, "RFC 2986, 4.2",
      "sign with an algorithm of the key in the request"},
     does_not_fit_key},
    {{"signature-digest-short", shape, Severity::notice, "RFC 5480, 4",
      "use the digest that is as strong as the curve"},
     short_digest},
}};

}  // namespace

std::span<const CheckedRule> signature_rules() { return rules; }

}  // namespace p11csr::x509
