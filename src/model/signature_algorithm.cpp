#include <fmt/format.h>

#include <p11csr/model/error.hpp>
#include <p11csr/model/signature_algorithm.hpp>

#include "model/ascii.hpp"
#include "model/quote.hpp"

namespace p11csr {

namespace {

std::string_view rsa_name(Digest digest) {
  switch (digest) {
    case Digest::sha256:
      return "sha256WithRSAEncryption";
    case Digest::sha384:
      return "sha384WithRSAEncryption";
    case Digest::sha512:
      return "sha512WithRSAEncryption";
  }
  return {};
}

std::string_view ecdsa_name(Digest digest) {
  switch (digest) {
    case Digest::sha256:
      return "ecdsa-with-SHA256";
    case Digest::sha384:
      return "ecdsa-with-SHA384";
    case Digest::sha512:
      return "ecdsa-with-SHA512";
  }
  return {};
}

Digest default_digest(NamedCurve curve) {
  switch (curve) {
    case NamedCurve::p384:
    case NamedCurve::brainpool_p384r1:
      return Digest::sha384;
    case NamedCurve::p521:
    case NamedCurve::brainpool_p512r1:
      return Digest::sha512;
    case NamedCurve::p256:
    case NamedCurve::secp256k1:
    case NamedCurve::brainpool_p256r1:
    case NamedCurve::brainpool_p320r1:
      return Digest::sha256;
  }
  return Digest::sha256;
}

/// Chooser fits digest and padding to each kind of key.
struct Chooser {
  std::optional<Digest> digest;
  std::optional<Padding> padding;

  SignatureAlgorithm operator()(const RsaKey& key) const {
    const Digest chosen = digest.value_or(Digest::sha256);
    const unsigned hash = digest_size(chosen);
    const bool pss = padding == Padding::pss;
    // RFC 8017, 9.1.1 (emLen >= hLen + sLen + 2, of one bit less than the modulus) and 9.2 (emLen >= tLen + 11, where
    // the DigestInfo of SHA-2 is 19 octets and the hash).
    const unsigned available = pss ? (key.bits + 6) / 8 : (key.bits + 7) / 8;
    if (available < (pss ? 2 * hash + 2 : hash + 19 + 11)) {
      throw Error(Errc::usage,
                  fmt::format("'{}' with this padding does not fit a key of {} bits", digest_name(chosen), key.bits),
                  "choose a shorter --digest");
    }
    if (pss) return RsaPssSignature{chosen, hash};
    return RsaPkcs1Signature{chosen};
  }

  SignatureAlgorithm operator()(const EcKey& key) const {
    refuse_padding(key);
    return EcdsaSignature{digest.value_or(default_digest(key.curve))};
  }

  SignatureAlgorithm operator()(const EdwardsKey& key) const {
    refuse_padding(key);
    refuse_digest(key, "leave --digest out: EdDSA hashes in its own way (RFC 8032)");
    return EdDsaSignature{key.curve};
  }

  SignatureAlgorithm operator()(const MlDsaKey& key) const {
    refuse_padding(key);
    refuse_digest(key, "leave --digest out: ML-DSA hashes in its own way (FIPS 204)");
    return MlDsaSignature{key.set};
  }

 private:
  void refuse_padding(const KeySpec& key) const {
    if (!padding) return;
    throw Error(Errc::usage, fmt::format("a padding cannot be chosen for a key of kind '{}'", to_string(key)),
                "leave --padding out: it is for RSA keys");
  }
  void refuse_digest(const KeySpec& key, const char* hint) const {
    if (!digest) return;
    throw Error(Errc::usage, fmt::format("a digest cannot be chosen for a key of kind '{}'", to_string(key)), hint);
  }
};

struct Name {
  std::string_view operator()(const RsaPkcs1Signature& signature) const { return rsa_name(signature.digest); }
  std::string_view operator()(const RsaPssSignature&) const { return "rsassaPss"; }
  std::string_view operator()(const EcdsaSignature& signature) const { return ecdsa_name(signature.digest); }
  std::string_view operator()(const EdDsaSignature& signature) const {
    return signature.curve == EdwardsCurve::ed25519 ? "ED25519" : "ED448";
  }
  std::string_view operator()(const MlDsaSignature& signature) const { return facts(signature.set).name; }
};

}  // namespace

unsigned digest_size(Digest digest) {
  switch (digest) {
    case Digest::sha256:
      return 32;
    case Digest::sha384:
      return 48;
    case Digest::sha512:
      return 64;
  }
  return 0;
}

std::string_view digest_name(Digest digest) {
  switch (digest) {
    case Digest::sha256:
      return "sha256";
    case Digest::sha384:
      return "sha384";
    case Digest::sha512:
      return "sha512";
  }
  return {};
}

std::string_view signature_name(const SignatureAlgorithm& algorithm) { return std::visit(Name{}, algorithm); }

bool has_digest_to_choose(const KeySpec& key) {
  return std::holds_alternative<RsaKey>(key) || std::holds_alternative<EcKey>(key);
}

SignatureAlgorithm choose_signature_algorithm(const KeySpec& key, std::optional<Digest> digest,
                                              std::optional<Padding> padding) {
  return std::visit(Chooser{digest, padding}, key);
}

Digest parse_digest(std::string_view text) {
  for (const Digest digest : {Digest::sha256, Digest::sha384, Digest::sha512}) {
    if (model::equal_ignoring_case(text, digest_name(digest))) return digest;
  }
  throw Error(Errc::usage, fmt::format("unknown digest {}", model::in_quotes(text)),
              "the digests are sha256, sha384, sha512");
}

Padding parse_padding(std::string_view text) {
  if (model::equal_ignoring_case(text, "pkcs1")) return Padding::pkcs1;
  if (model::equal_ignoring_case(text, "pss")) return Padding::pss;
  throw Error(Errc::usage, fmt::format("unknown padding {}", model::in_quotes(text)), "the paddings are pkcs1 and pss");
}

}  // namespace p11csr
