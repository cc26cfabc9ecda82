#include "x509/verdict.hpp"

#include <algorithm>
#include <openssl/objects.h>

#include <p11csr/model/error.hpp>

#include "crypto/openssl_error.hpp"
#include "crypto/spki.hpp"
#include "x509/algorithm_identifier.hpp"

namespace p11csr::x509 {
namespace {

// OpenSSL's limits to an RSA key, that of the exponent for a modulus above the middle one. Its names are deprecated.
constexpr std::size_t kMaxModulusBits = 16384;
constexpr std::size_t kSmallModulusBits = 3072;
constexpr std::size_t kMaxExponentBits = 64;

/// OpenSSL tells what is beyond its limits like a wrong signature.
bool is_beyond_openssl(ByteView subject_public_key_info) {
  try {
    const crypto::SpkiParts parts = crypto::split_spki(subject_public_key_info);
    if (parts.algorithm != NID_rsaEncryption && parts.algorithm != NID_rsassaPss) return false;
    const crypto::RsaNumbers numbers = crypto::split_rsa_key(parts.key);
    const std::size_t modulus_bits = numbers.modulus.size() * 8;
    return modulus_bits > kMaxModulusBits ||
           (modulus_bits > kSmallModulusBits && numbers.exponent.size() * 8 > kMaxExponentBits);
  } catch (const Error& error) {
    if (error.code() != Errc::malformed_input) throw;
    return false;
  }
}

/// Empty when the algorithm or the key is not one of ours.
std::optional<SignatureVerdict> judge(const SignedParts& parts, ByteView subject_public_key_info,
                                      const std::optional<crypto::PublicKey>& key) {
  if (is_beyond_openssl(subject_public_key_info)) {
    return SignatureVerdict::unsupported;
  }
  const auto algorithm = parse_algorithm(parts.algorithm);
  if (!algorithm || !key) {
    return std::nullopt;
  }
  const auto signature = crypto::octets_of_bit_string(parts.signature);
  if (!crypto::can_verify(*algorithm)) {
    return signature && key->may_have_made(*algorithm, *signature) ? SignatureVerdict::unsupported
                                                                   : SignatureVerdict::invalid;
  }
  const bool verified = signature && key->verify(*algorithm, parts.to_be_signed, *signature);
  return verified ? SignatureVerdict::valid : SignatureVerdict::invalid;
}

/// OpenSSL tells a wrong signature (0) from an algorithm or a key that it cannot use (-1).
SignatureVerdict verdict_of_openssl(int result) {
  crypto::forget_errors();
  if (result == 1) {
    return SignatureVerdict::valid;
  }
  return result == 0 ? SignatureVerdict::invalid : SignatureVerdict::unsupported;
}

std::optional<crypto::PublicKey> sound_key(ByteView subject_public_key_info) {
  try {
    return crypto::PublicKey::from_spki(subject_public_key_info);
  } catch (const Error& error) {
    if (error.code() != Errc::malformed_input) throw;
    return std::nullopt;
  }
}

/// A certificate whose issuer has the subject's name but another key: a CA's rollover (RFC 5280, 3.2).
bool issued_by_another_key(X509* certificate) {
  const ASN1_OCTET_STRING* own = X509_get0_subject_key_id(certificate);
  const ASN1_OCTET_STRING* issuer = X509_get0_authority_key_id(certificate);
  return own != nullptr && issuer != nullptr && ASN1_STRING_cmp(own, issuer) != 0;
}

SignatureVerdict judge_with_own_key(X509* certificate, const SignedParts& parts,
                                    const std::optional<crypto::PublicKey>& key) {
  // RFC 5280, 4.1.1.2: the inner field must be the same as the outer, which is not signed.
  const auto [inner, own_key] = split_certificate(parts.to_be_signed);
  if (!std::equal(inner.begin(), inner.end(), parts.algorithm.begin(), parts.algorithm.end())) {
    return SignatureVerdict::invalid;
  }
  if (const auto verdict = judge(parts, own_key, key)) {
    return *verdict;
  }
  EVP_PKEY* own = X509_get0_pubkey(certificate);
  return verdict_of_openssl(own == nullptr ? -1 : X509_verify(certificate, own));
}

}  // namespace

SignatureVerdict judge_request(X509_REQ* request, const SignedParts& parts,
                               const std::optional<crypto::PublicKey>& key) {
  if (const auto verdict = judge(parts, request_key(parts.to_be_signed), key)) {
    return *verdict;
  }
  EVP_PKEY* own = X509_REQ_get0_pubkey(request);
  return verdict_of_openssl(own == nullptr ? -1 : X509_REQ_verify(request, own));
}

SignatureVerdict judge_request(ByteView request) {
  const SignedParts parts = split_signed(request);
  const auto key = sound_key(request_key(parts.to_be_signed));
  if (const auto verdict = judge(parts, request_key(parts.to_be_signed), key)) {
    return *verdict;
  }
  const auto decoded = crypto::decode<crypto::RequestHandle>(d2i_X509_REQ, request);
  return decoded == nullptr ? SignatureVerdict::unsupported : judge_request(decoded.get(), parts, key);
}

SignatureVerdict judge_certificate(X509* certificate, const SignedParts& parts,
                                   const std::optional<crypto::PublicKey>& key) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const X509_NAME* issuer = X509_get_issuer_name(certificate);
  const bool self_issued = X509_NAME_cmp(subject, issuer) == 0;
  crypto::forget_errors();
  if (!self_issued) {
    return SignatureVerdict::unchecked;
  }
  // Key identifiers are the issuer's words, not proof: only a signature that is not the own key's is another's.
  const SignatureVerdict verdict = judge_with_own_key(certificate, parts, key);
  return verdict != SignatureVerdict::valid && issued_by_another_key(certificate) ? SignatureVerdict::unchecked
                                                                                  : verdict;
}

}  // namespace p11csr::x509
