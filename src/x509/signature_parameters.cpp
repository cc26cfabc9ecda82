#include "x509/signature_parameters.hpp"

#include <algorithm>
#include <array>
#include <openssl/objects.h>

#include "crypto/openssl.hpp"
#include "crypto/openssl_error.hpp"
#include "model/ascii.hpp"

namespace p11csr::x509 {
namespace {

std::string digest_text(int nid) { return nid == NID_undef ? std::string() : model::lower(OBJ_nid2sn(nid)); }

int nid_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  return OBJ_obj2nid(object);
}

/// sequence_of is the DER of an AlgorithmIdentifier's parameters; empty when they are no SEQUENCE.
ByteView sequence_of(const X509_ALGOR* algorithm) {
  int type = V_ASN1_UNDEF;
  const void* value = nullptr;
  X509_ALGOR_get0(nullptr, &type, &value, algorithm);
  if (type != V_ASN1_SEQUENCE) return {};
  const auto* sequence = static_cast<const ASN1_STRING*>(value);
  return {ASN1_STRING_get0_data(sequence), static_cast<std::size_t>(ASN1_STRING_length(sequence))};
}

std::string mask_digest(const X509_ALGOR* mask) {
  // RFC 4055, 3.1: MGF1 with SHA-1 by default.
  if (mask == nullptr) return "sha1";
  const auto hash = crypto::decode<crypto::AlgorithmHandle>(d2i_X509_ALGOR, sequence_of(mask));
  return nid_of(mask) == NID_mgf1 && hash != nullptr ? digest_text(nid_of(hash.get())) : std::string();
}

SignatureParameters pss_parameters(const X509_ALGOR* algorithm) {
  const auto pss = crypto::decode<crypto::PssParametersHandle>(d2i_RSA_PSS_PARAMS, sequence_of(algorithm));
  if (pss == nullptr) return {};
  SignatureParameters result;
  result.digest = pss->hashAlgorithm == nullptr ? "sha1" : digest_text(nid_of(pss->hashAlgorithm));
  result.mgf_digest = mask_digest(pss->maskGenAlgorithm);
  std::uint64_t length = 20;
  if (pss->saltLength == nullptr || ASN1_INTEGER_get_uint64(&length, pss->saltLength) == 1) result.salt_length = length;
  crypto::forget_errors();
  return result;
}

}  // namespace

SignatureParameters signature_parameters(ByteView algorithm) {
  const auto read = crypto::decode<crypto::AlgorithmHandle>(d2i_X509_ALGOR, algorithm);
  if (read == nullptr) return {};
  const int nid = nid_of(read.get());
  if (nid == NID_rsassaPss) return pss_parameters(read.get());
  int digest = NID_undef;
  if (OBJ_find_sigid_algs(nid, &digest, nullptr) != 1) digest = NID_undef;
  return {digest_text(digest), {}, std::nullopt};
}

bool is_broken_digest(std::string_view name) {
  constexpr std::array<std::string_view, 5> broken{"md2", "md4", "md5", "md5-sha1", "sha1"};
  return std::find(broken.begin(), broken.end(), name) != broken.end();
}

}  // namespace p11csr::x509
