#include <algorithm>
#include <fmt/format.h>
#include <openssl/pkcs7.h>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/certificate.hpp>

#include "crypto/openssl.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/pem.hpp"
#include "x509/armor.hpp"
#include "x509/text.hpp"

namespace p11csr::x509 {
namespace {

using Pkcs7Handle = crypto::Handle<PKCS7, PKCS7_free>;

std::string name_for_people(const X509_NAME* subject) {
  int last = -1;
  for (int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1); at >= 0;
       at = X509_NAME_get_index_by_NID(subject, NID_commonName, at))
    last = at;
  if (last < 0) return name_text(subject);
  const auto text = text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, last)));
  return text ? escape(*text) : name_text(subject);
}

Certificate from_handle(const X509* certificate) {
  return {crypto::encode(i2d_X509, certificate, "i2d_X509"),
          crypto::encode(i2d_X509_NAME, X509_get_subject_name(certificate), "i2d_X509_NAME"),
          crypto::encode(i2d_X509_NAME, X509_get_issuer_name(certificate), "i2d_X509_NAME"),
          crypto::encode(i2d_ASN1_INTEGER, X509_get0_serialNumber(certificate), "i2d_ASN1_INTEGER"),
          name_for_people(X509_get_subject_name(certificate))};
}

void add(std::vector<Certificate>& certificates, Certificate next) {
  const bool known = std::any_of(certificates.begin(), certificates.end(),
                                 [&next](const Certificate& each) { return each.der == next.der; });
  if (!known) certificates.push_back(std::move(next));
}

bool add_pkcs7(std::vector<Certificate>& certificates, ByteView der) {
  const auto message = crypto::decode<Pkcs7Handle>(d2i_PKCS7, der);
  if (!message || !PKCS7_type_is_signed(message.get()) || message->d.sign == nullptr) return false;
  const STACK_OF(X509)* stack = message->d.sign->cert;
  for (int i = 0; i < sk_X509_num(stack); ++i) add(certificates, from_handle(sk_X509_value(stack, i)));
  return true;
}

bool add_certificate(std::vector<Certificate>& certificates, ByteView der) {
  const auto certificate = crypto::decode<crypto::CertificateHandle>(d2i_X509, der);
  if (!certificate) return false;
  add(certificates, from_handle(certificate.get()));
  return true;
}

void add_block(std::vector<Certificate>& certificates, const PemBlock& block) {
  const bool read =
      block.label == "CERTIFICATE" || block.label == "X509 CERTIFICATE" || block.label == "TRUSTED CERTIFICATE"
          ? add_certificate(certificates, block.der)
          : (block.label == "PKCS7" || block.label == "CMS") && add_pkcs7(certificates, block.der);
  if (!read)
    throw Error(Errc::malformed_input, fmt::format("the PEM block '{}' is no certificate", escape(block.label)),
                "give a certificate, its chain, or PKCS #7 with them");
}

}  // namespace

std::vector<Certificate> read_certificates(ByteView input) {
  std::vector<Certificate> certificates;
  if (looks_like_pem(input)) {
    for (const PemBlock& block : read_pem_blocks(input)) add_block(certificates, block);
  } else if (!add_certificate(certificates, input) && !add_pkcs7(certificates, input)) {
    throw Error(Errc::malformed_input, "the input is neither a certificate nor PKCS #7 with certificates",
                "give a certificate, its chain, or PKCS #7 with them, as PEM or DER");
  }
  if (certificates.empty()) throw Error(Errc::malformed_input, "no certificate is in the input");
  return certificates;
}

std::string certificate_pem(ByteView der) { return crypto::to_pem("CERTIFICATE", der); }

}  // namespace p11csr::x509
