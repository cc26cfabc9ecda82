#include <gtest/gtest.h>
#include <openssl/objects.h>

#include <p11csr/x509/description.hpp>

#include "crypto/openssl.hpp"
#include "crypto/openssl_error.hpp"

namespace p11csr::x509 {
namespace {

using AuthorityHandle = crypto::Handle<AUTHORITY_KEYID, AUTHORITY_KEYID_free>;

crypto::OctetStringHandle identifier(std::uint8_t octet) {
  crypto::OctetStringHandle string(ASN1_OCTET_STRING_new());
  ASN1_OCTET_STRING_set(string.get(), &octet, 1);
  return string;
}

/// A certificate of `key` whose issuer has its subject's name and another key identifier.
Bytes rollover_certificate(EVP_PKEY* key, EVP_PKEY* signer) {
  const crypto::CertificateHandle certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  X509_set_pubkey(certificate.get(), key);
  for (X509_NAME* name : {X509_get_subject_name(certificate.get()), X509_get_issuer_name(certificate.get())})
    X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_UTF8STRING, reinterpret_cast<const unsigned char*>("a"), 1,
                               -1, 0);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 60);
  const AuthorityHandle authority(AUTHORITY_KEYID_new());
  authority->keyid = identifier(1).release();
  X509_add1_ext_i2d(certificate.get(), NID_authority_key_identifier, authority.get(), 0, X509V3_ADD_DEFAULT);
  X509_add1_ext_i2d(certificate.get(), NID_subject_key_identifier, identifier(2).get(), 0, X509V3_ADD_DEFAULT);
  X509_sign(certificate.get(), signer, EVP_sha256());
  return crypto::encode(i2d_X509, certificate.get(), "i2d_X509");
}

TEST(VerdictTest, BelievesTheOwnKeyMoreThanKeyIdentifiers) {
  const crypto::KeyHandle own(EVP_EC_gen("P-256"));
  EXPECT_EQ(describe(rollover_certificate(own.get(), own.get())).verdict, SignatureVerdict::valid);
}
TEST(VerdictTest, LeavesACertificateOfTheFormerKeyUnchecked) {
  const crypto::KeyHandle own(EVP_EC_gen("P-256"));
  const crypto::KeyHandle former(EVP_EC_gen("P-256"));
  EXPECT_EQ(describe(rollover_certificate(own.get(), former.get())).verdict, SignatureVerdict::unchecked);
}

}  // namespace
}  // namespace p11csr::x509
