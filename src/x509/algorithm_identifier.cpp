#include "x509/algorithm_identifier.hpp"

#include <p11csr/model/error.hpp>

#include "crypto/evp.hpp"
#include "crypto/ml_dsa.hpp"
#include "crypto/openssl_error.hpp"

namespace p11csr::x509 {
namespace {

using crypto::AlgorithmHandle;
using crypto::check;
using crypto::owned;

constexpr unsigned default_salt_length = 20;  // RFC 4055, 3.1

AlgorithmHandle identifier(crypto::ObjectHandle object, int parameter_type, void* parameter) {
  auto algorithm = owned<AlgorithmHandle>(X509_ALGOR_new(), "X509_ALGOR_new");
  check(X509_ALGOR_set0(algorithm.get(), object.get(), parameter_type, parameter) == 1, "X509_ALGOR_set0");
  static_cast<void>(object.release());
  return algorithm;
}

AlgorithmHandle identifier(int nid, int parameter_type, void* parameter) {
  return identifier(crypto::ObjectHandle(OBJ_nid2obj(nid)), parameter_type, parameter);
}

/// The parameter is the DER of some SEQUENCE.
AlgorithmHandle identifier_with_sequence(int nid, const Bytes& der) {
  auto sequence = owned<crypto::StringHandle>(ASN1_STRING_type_new(V_ASN1_SEQUENCE), "ASN1_STRING_type_new");
  check(ASN1_STRING_set(sequence.get(), der.data(), static_cast<int>(der.size())) == 1, "ASN1_STRING_set");
  AlgorithmHandle algorithm = identifier(nid, V_ASN1_SEQUENCE, sequence.get());
  static_cast<void>(sequence.release());
  return algorithm;
}

AlgorithmHandle hash_identifier(Digest digest) {
  // RFC 4055, 2.1: the parameters of these are NULL.
  return identifier(EVP_MD_get_type(crypto::evp_digest(digest)), V_ASN1_NULL, nullptr);
}

AlgorithmHandle pss_identifier(const RsaPssSignature& pss) {
  const auto parameters = owned<crypto::PssParametersHandle>(RSA_PSS_PARAMS_new(), "RSA_PSS_PARAMS_new");
  parameters->hashAlgorithm = hash_identifier(pss.digest).release();
  const Bytes hash = crypto::encode(i2d_X509_ALGOR, parameters->hashAlgorithm, "i2d_X509_ALGOR");
  parameters->maskGenAlgorithm = identifier_with_sequence(NID_mgf1, hash).release();
  // Defaults are left out in DER (X.690, 11.5): 20 octets of salt, and trailerFieldBC always.
  if (pss.salt_length != default_salt_length) {
    parameters->saltLength = ASN1_INTEGER_new();
    check(parameters->saltLength != nullptr && ASN1_INTEGER_set_uint64(parameters->saltLength, pss.salt_length) == 1,
          "ASN1_INTEGER_set_uint64");
  }
  return identifier_with_sequence(NID_rsassaPss,
                                  crypto::encode(i2d_RSA_PSS_PARAMS, parameters.get(), "i2d_RSA_PSS_PARAMS"));
}

}  // namespace

crypto::AlgorithmHandle encode_algorithm(const SignatureAlgorithm& algorithm) {
  if (const auto* pss = std::get_if<RsaPssSignature>(&algorithm)) {
    return pss_identifier(*pss);
  }
  if (const auto* ml_dsa = std::get_if<MlDsaSignature>(&algorithm)) {
    return identifier(crypto::ml_dsa_object(ml_dsa->set), V_ASN1_UNDEF, nullptr);  // RFC 9881, 3
  }
  for (const FixedAlgorithm& fixed : fixed_algorithms) {
    if (fixed.algorithm == algorithm) {
      // RFC 4055, 5: NULL parameters for RSA. RFC 5758, 3.2 and RFC 8410, 3: absent for the others.
      const bool rsa = std::holds_alternative<RsaPkcs1Signature>(algorithm);
      return identifier(fixed.nid, rsa ? V_ASN1_NULL : V_ASN1_UNDEF, nullptr);
    }
  }
  throw Error(Errc::unexpected, "a signature algorithm without an identifier");
}

}  // namespace p11csr::x509
