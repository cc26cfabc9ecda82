#pragma once

#include <array>
#include <openssl/objects.h>
#include <optional>
#include <string>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/signature_algorithm.hpp>

#include "crypto/openssl.hpp"

namespace p11csr::x509 {

/// FixedAlgorithm is a signature algorithm whose AlgorithmIdentifier has nothing to choose, and its NID.
struct FixedAlgorithm {
  int nid;
  SignatureAlgorithm algorithm;
};

/// All of SignatureAlgorithm but RSASSA-PSS, whose parameters say more, and ML-DSA, for which not every OpenSSL has
/// NIDs.
inline constexpr std::array<FixedAlgorithm, 8> fixed_algorithms{{
    {NID_sha256WithRSAEncryption, RsaPkcs1Signature{Digest::sha256}},
    {NID_sha384WithRSAEncryption, RsaPkcs1Signature{Digest::sha384}},
    {NID_sha512WithRSAEncryption, RsaPkcs1Signature{Digest::sha512}},
    {NID_ecdsa_with_SHA256, EcdsaSignature{Digest::sha256}},
    {NID_ecdsa_with_SHA384, EcdsaSignature{Digest::sha384}},
    {NID_ecdsa_with_SHA512, EcdsaSignature{Digest::sha512}},
    {NID_ED25519, EdDsaSignature{EdwardsCurve::ed25519}},
    {NID_ED448, EdDsaSignature{EdwardsCurve::ed448}},
}};

/// encode_algorithm is the AlgorithmIdentifier of a signature (RFC 4055, RFC 5758, RFC 8410, RFC 9881).
[[nodiscard]] crypto::AlgorithmHandle encode_algorithm(const SignatureAlgorithm& algorithm);

/// parse_algorithm reads a DER AlgorithmIdentifier. Empty when it is none of SignatureAlgorithm, or not exactly.
[[nodiscard]] std::optional<SignatureAlgorithm> parse_algorithm(ByteView der);

/// algorithm_name is crypto::object_name: OpenSSL's long name, or the dotted OID, of any DER AlgorithmIdentifier.
/// Throws Error(malformed_input) when it is none.
[[nodiscard]] std::string algorithm_name(ByteView der);

}  // namespace p11csr::x509
