#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <p11csr/model/key_spec.hpp>

#pragma GCC visibility push(default)
namespace p11csr {

/// Digest is a hash of SHA-2 (FIPS 180-4).
enum class Digest { sha256, sha384, sha512 };
/// Padding is RSASSA-PKCS1-v1_5 or RSASSA-PSS (RFC 8017, 8).
enum class Padding { pkcs1, pss };

/// digest_size is the digest's length in octets.
[[nodiscard]] unsigned digest_size(Digest digest);
/// digest_name is "sha256", "sha384" or "sha512".
[[nodiscard]] std::string_view digest_name(Digest digest);

/// RsaPkcs1Signature is RSASSA-PKCS1-v1_5 (RFC 8017, 8.2).
struct RsaPkcs1Signature {
  Digest digest;
  friend bool operator==(const RsaPkcs1Signature&, const RsaPkcs1Signature&) = default;
};
/// RsaPssSignature uses one digest for the message and for MGF1 (RFC 4055, 3.1); salt_length in octets.
struct RsaPssSignature {
  Digest digest;
  unsigned salt_length;
  friend bool operator==(const RsaPssSignature&, const RsaPssSignature&) = default;
};
/// EcdsaSignature is ECDSA over the digest (RFC 5758, 3.2).
struct EcdsaSignature {
  Digest digest;
  friend bool operator==(const EcdsaSignature&, const EcdsaSignature&) = default;
};
/// EdDsaSignature is EdDSA without prehash, which names no digest (RFC 8410).
struct EdDsaSignature {
  EdwardsCurve curve;
  friend bool operator==(const EdDsaSignature&, const EdDsaSignature&) = default;
};

/// MlDsaSignature is ML-DSA without prehash and with an empty context (RFC 9881, 3).
struct MlDsaSignature {
  MlDsaSet set;
  friend bool operator==(const MlDsaSignature&, const MlDsaSignature&) = default;
};

/// SignatureAlgorithm is what an AlgorithmIdentifier of a signature says.
using SignatureAlgorithm =
    std::variant<RsaPkcs1Signature, RsaPssSignature, EcdsaSignature, EdDsaSignature, MlDsaSignature>;

/// signature_name is OpenSSL's long name: "sha256WithRSAEncryption", "rsassaPss", "ecdsa-with-SHA256", "ED25519",
/// "ML-DSA-44".
[[nodiscard]] std::string_view signature_name(const SignatureAlgorithm& algorithm);

/// has_digest_to_choose tells whether keys of this kind sign a digest that can be chosen.
[[nodiscard]] bool has_digest_to_choose(const KeySpec& key);

/// choose_signature_algorithm fits digest and padding to the key. Without a digest: SHA-384 for P-384 and
/// brainpoolP384r1, SHA-512 for P-521 and brainpoolP512r1, SHA-256 otherwise. The PSS salt is as long as the digest.
/// Throws Error(usage) where the key leaves no such choice (a digest for Ed25519 or ML-DSA, PSS for EC).
[[nodiscard]] SignatureAlgorithm choose_signature_algorithm(const KeySpec& key, std::optional<Digest> digest,
                                                            std::optional<Padding> padding);

/// parse_digest reads what digest_name gives, any case. Throws Error(usage).
[[nodiscard]] Digest parse_digest(std::string_view text);
/// parse_padding reads "pkcs1" or "pss", any case. Throws Error(usage).
[[nodiscard]] Padding parse_padding(std::string_view text);

}  // namespace p11csr
#pragma GCC visibility pop
