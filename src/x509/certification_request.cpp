#include <algorithm>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/objects.h>

#include <p11csr/crypto/public_key.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/x509/certification_request.hpp>

#include "crypto/openssl_error.hpp"
#include "crypto/pem.hpp"
#include "model/ascii.hpp"
#include "model/subject_syntax.hpp"
#include "x509/algorithm_identifier.hpp"
#include "x509/document.hpp"
#include "x509/encoding.hpp"

namespace p11csr::x509 {
namespace {

using crypto::check;
using crypto::RequestHandle;

/// Puts the key in as it is. X509_REQ_set_pubkey would decode and encode it anew, which takes OpenSSL longer than all
/// the rest; so the key's octets and its AlgorithmIdentifier go in one after the other.
void set_key(X509_REQ* request, ByteView subject_public_key_info) {
  crypto::DerReader outer(subject_public_key_info, "the SubjectPublicKeyInfo");
  crypto::DerReader parts = outer.inside(crypto::DerTag::sequence);
  const auto algorithm =
      crypto::decode<crypto::AlgorithmHandle>(d2i_X509_ALGOR, parts.expect(crypto::DerTag::sequence).whole);
  const auto octets = crypto::octets_of_bit_string(parts.expect(crypto::DerTag::bit_string).content);
  check(algorithm != nullptr && octets, "d2i_X509_ALGOR");
  auto copy = crypto::owned<crypto::OwnedMemory>(
      static_cast<unsigned char*>(OPENSSL_memdup(octets->data(), octets->size())), "OPENSSL_memdup");
  X509_PUBKEY* key = X509_REQ_get_X509_PUBKEY(request);
  check(X509_PUBKEY_set0_param(key, OBJ_nid2obj(NID_undef), V_ASN1_UNDEF, nullptr, copy.get(),
                               static_cast<int>(octets->size())) == 1,
        "X509_PUBKEY_set0_param");
  static_cast<void>(copy.release());
  X509_ALGOR* target = nullptr;
  check(X509_PUBKEY_get0_param(nullptr, nullptr, nullptr, &target, key) == 1 &&
            X509_ALGOR_copy(target, algorithm.get()) == 1,
        "X509_ALGOR_copy");
}

void add_attribute(X509_REQ* request, int nid, int type, ByteView value) {
  check(X509_REQ_add1_attr_by_NID(request, nid, type, value.data(), static_cast<int>(value.size())) == 1,
        "X509_REQ_add1_attr_by_NID");
}

void add_attributes(X509_REQ* request, const RequestAttributes& attributes) {
  // RFC 2985, 5.4.1: PrintableString where that does, UTF8String otherwise.
  if (const Secret* password = attributes.challenge_password()) {
    const bool printable = model::is_printable_string(as_text(password->view()));
    add_attribute(request, NID_pkcs9_challengePassword, printable ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING,
                  password->view());
  }
  // RFC 2985, 5.4.3: "SHOULD use the ia5String alternative" where that does.
  if (const auto& name = attributes.unstructured_name()) {
    const bool ascii = model::is_ascii(*name);
    add_attribute(request, NID_pkcs9_unstructuredName, ascii ? V_ASN1_IA5STRING : V_ASN1_UTF8STRING, as_bytes(*name));
  }
}

RequestHandle unsigned_request(const RequestSpec& spec, const crypto::PublicKey& key) {
  auto request = crypto::owned<RequestHandle>(X509_REQ_new(), "X509_REQ_new");
  check(X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1, "X509_REQ_set_version");
  const auto name = encode_name(spec.subject());
  check(X509_REQ_set_subject_name(request.get(), name.get()) == 1, "X509_REQ_set_subject_name");
  set_key(request.get(), key.spki());
  // Without an extension no attribute: the field itself is not optional (RFC 2986, 4.1) and is an empty [0] then.
  if (const auto extensions = encode_extensions(spec)) {
    check(X509_REQ_add_extensions(request.get(), extensions.get()) == 1, "X509_REQ_add_extensions");
  }
  add_attributes(request.get(), spec.attributes());
  return request;
}

Bytes info_of(X509_REQ* request) { return crypto::encode(i2d_re_X509_REQ_tbs, request, "i2d_re_X509_REQ_tbs"); }

/// What is signed goes in octet by octet as it is (RFC 2986, 4.2).
Bytes assemble(ByteView info, ByteView algorithm, ByteView signature) {
  const int bits = static_cast<int>(signature.size()) + 1;
  const int content = static_cast<int>(info.size() + algorithm.size()) + ASN1_object_size(0, bits, V_ASN1_BIT_STRING);
  Bytes der(static_cast<std::size_t>(ASN1_object_size(1, content, V_ASN1_SEQUENCE)));
  unsigned char* end = der.data();
  ASN1_put_object(&end, 1, content, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL);
  end = std::copy(info.begin(), info.end(), end);
  end = std::copy(algorithm.begin(), algorithm.end(), end);
  ASN1_put_object(&end, 0, bits, V_ASN1_BIT_STRING, V_ASN1_UNIVERSAL);
  *end++ = 0;  // no unused bits
  std::copy(signature.begin(), signature.end(), end);
  return der;
}

/// Reads the finished request anew, as its receiver will, and believes only what it reads.
bool verifies(ByteView der, const crypto::PublicKey& expected_key, ByteView expected_info, bool verifiable) {
  const SignedParts parts = split_signed(der);
  const ByteView spki = request_key(parts.to_be_signed);
  const auto algorithm = parse_algorithm(parts.algorithm);
  const auto signature = crypto::octets_of_bit_string(parts.signature);
  return std::equal(spki.begin(), spki.end(), expected_key.spki().begin(), expected_key.spki().end()) &&
         std::equal(parts.to_be_signed.begin(), parts.to_be_signed.end(), expected_info.begin(), expected_info.end()) &&
         algorithm && signature &&
         (verifiable ? expected_key.verify(*algorithm, parts.to_be_signed, *signature)
                     : expected_key.may_have_made(*algorithm, *signature));
}

}  // namespace

void check_encodable(const RequestSpec& spec) {
  static_cast<void>(encode_name(spec.subject()));
  static_cast<void>(encode_extensions(spec));
}

Bytes certification_request_info(const RequestSpec& spec, ByteView subject_public_key_info) {
  return certification_request_info(spec, crypto::PublicKey::from_spki(subject_public_key_info));
}

Bytes certification_request_info(const RequestSpec& spec, const crypto::PublicKey& key) {
  return info_of(unsigned_request(spec, key).get());
}

void require_verifiable(const SignatureAlgorithm& algorithm, SelfVerification verification) {
  if (verification == SelfVerification::where_possible || crypto::can_verify(algorithm)) return;
  throw Error(
      Errc::verification_failed,
      fmt::format("what the token signs with {} could not be verified: OpenSSL {} does not have it; nothing was signed",
                  signature_name(algorithm), OpenSSL_version(OPENSSL_VERSION_STRING)),
      "use OpenSSL 3.5 or newer, or take the request as the token makes it with --no-self-verify");
}

CertificationRequest sign(Bytes certification_request_info, const crypto::PublicKey& key, Signer& signer,
                          SelfVerification verification) {
  require_verifiable(signer.algorithm(), verification);
  const bool verifiable = crypto::can_verify(signer.algorithm());
  const auto algorithm = encode_algorithm(signer.algorithm());
  Bytes der = assemble(certification_request_info, crypto::encode(i2d_X509_ALGOR, algorithm.get(), "i2d_X509_ALGOR"),
                       signer.sign(certification_request_info));
  if (!verifies(der, key, certification_request_info, verifiable)) {
    throw Error(Errc::verification_failed,
                "the token's signature does not verify with its public key, so the request is withheld",
                "look whether the token has several keys of this label or ID, and try again with the key's URI");
  }
  return {std::move(der), std::move(certification_request_info), verifiable};
}

CertificationRequest build(const RequestSpec& spec, Signer& signer, SelfVerification verification) {
  const auto key = crypto::PublicKey::from_spki(signer.subject_public_key_info());
  return sign(certification_request_info(spec, key), key, signer, verification);
}

std::string request_pem(ByteView der) { return crypto::to_pem("CERTIFICATE REQUEST", der); }

std::string CertificationRequest::pem() const { return request_pem(der_); }

}  // namespace p11csr::x509
