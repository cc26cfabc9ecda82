#include <fmt/format.h>
#include <openssl/objects.h>

#include <p11csr/crypto/public_key.hpp>
#include <p11csr/model/error.hpp>

#include "crypto/evp.hpp"
#include "crypto/openssl_error.hpp"

namespace p11csr::crypto {
namespace {

BignumHandle bignum(ByteView number) {
  return owned<BignumHandle>(BN_bin2bn(number.data(), static_cast<int>(number.size()), nullptr), "BN_bin2bn");
}

using DigestInfoHandle = Handle<X509_SIG, X509_SIG_free>;

}  // namespace

Bytes ecdsa_to_der(ByteView r_and_s) {
  constexpr std::size_t most_octets = 1024;  // far above any curve
  if (r_and_s.empty() || r_and_s.size() % 2 != 0 || r_and_s.size() > most_octets) {
    throw Error(Errc::malformed_input, fmt::format("an ECDSA signature of {} octets is not r and s", r_and_s.size()));
  }
  const std::size_t half = r_and_s.size() / 2;
  auto signature = owned<EcdsaSignatureHandle>(ECDSA_SIG_new(), "ECDSA_SIG_new");
  BignumHandle r = bignum(r_and_s.first(half));
  BignumHandle s = bignum(r_and_s.last(half));
  check(ECDSA_SIG_set0(signature.get(), r.get(), s.get()) == 1, "ECDSA_SIG_set0");
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  return encode(i2d_ECDSA_SIG, signature.get(), "i2d_ECDSA_SIG");
}

Bytes digest_info(Digest algorithm, ByteView digest) {
  if (digest.size() != digest_size(algorithm)) {
    throw Error(Errc::malformed_input,
                fmt::format("a digest of {} octets is not {}", digest.size(), digest_name(algorithm)));
  }
  auto info = owned<DigestInfoHandle>(X509_SIG_new(), "X509_SIG_new");
  X509_ALGOR* identifier = nullptr;
  ASN1_OCTET_STRING* octets = nullptr;
  X509_SIG_getm(info.get(), &identifier, &octets);
  // RFC 8017, 9.2, note 1: the parameters are NULL.
  check(X509_ALGOR_set0(identifier, OBJ_nid2obj(EVP_MD_get_type(evp_digest(algorithm))), V_ASN1_NULL, nullptr) == 1,
        "X509_ALGOR_set0");
  check(ASN1_OCTET_STRING_set(octets, digest.data(), static_cast<int>(digest.size())) == 1, "ASN1_OCTET_STRING_set");
  return encode(i2d_X509_SIG, info.get(), "i2d_X509_SIG");
}

}  // namespace p11csr::crypto
