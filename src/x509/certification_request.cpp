#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <vector>

#include <p11csr/crypto/public_key.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/x509/certification_request.hpp>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/pem.hpp"
#include "model/ascii.hpp"
#include "model/subject_syntax.hpp"
#include "x509/algorithm_identifier.hpp"
#include "x509/document.hpp"
#include "x509/encoding.hpp"

namespace p11csr::x509 {
namespace {

using crypto::DerTag;

constexpr const char* extension_request = "1.2.840.113549.1.9.14";
constexpr const char* challenge_password = "1.2.840.113549.1.9.7";
constexpr const char* unstructured_name = "1.2.840.113549.1.9.2";

Bytes attribute(const char* type, ByteView value) {
  return crypto::der_element(DerTag::sequence,
                             {crypto::der_oid(Oid::parse(type)), crypto::der_element(DerTag::set, {value})});
}

/// Without one the field is an empty [0]: it is not optional (RFC 2986, 4.1).
Bytes encode_attributes(const RequestSpec& spec) {
  std::vector<Bytes> all;
  if (const auto extensions = encode_extensions(spec))
    all.push_back(
        attribute(extension_request, crypto::encode(i2d_X509_EXTENSIONS, extensions.get(), "i2d_X509_EXTENSIONS")));
  // RFC 2985, 5.4.1: PrintableString where that does, UTF8String otherwise.
  if (const Secret* password = spec.attributes().challenge_password()) {
    const bool printable = model::is_printable_string(as_text(password->view()));
    const auto tag = printable ? DerTag::printable_string : DerTag::utf8_string;
    all.push_back(attribute(challenge_password, crypto::der_element(tag, {password->view()})));
  }
  // RFC 2985, 5.4.3: "SHOULD use the ia5String alternative" where that does.
  if (const auto& name = spec.attributes().unstructured_name()) {
    const auto tag = model::is_ascii(*name) ? DerTag::ia5_string : DerTag::utf8_string;
    all.push_back(attribute(unstructured_name, crypto::der_element(tag, {as_bytes(*name)})));
  }
  return crypto::der_set(DerTag::context_0, std::move(all));
}

/// What is signed goes in octet by octet as it is (RFC 2986, 4.2).
Bytes assemble(ByteView info, ByteView algorithm, ByteView signature) {
  constexpr std::uint8_t no_unused_bits = 0;
  return crypto::der_element(
      DerTag::sequence, {info, algorithm, crypto::der_element(DerTag::bit_string, {{&no_unused_bits, 1}, signature})});
}

// The base point of RFC 8032, 5.1 (y = 4/5): a point that the encoder lets through.
crypto::PublicKey some_key() {
  std::array<std::uint8_t, 32> base_point{};
  base_point.fill(0x66);
  base_point.front() = 0x58;
  return crypto::PublicKey::from_edwards(EdwardsCurve::ed25519, base_point);
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
  constexpr std::uint8_t version_1 = 0;
  return crypto::der_element(DerTag::sequence, {crypto::der_element(DerTag::integer, {{&version_1, 1}}),
                                                encode_name(spec.subject()), key.spki(), encode_attributes(spec)});
}

Bytes info_without_key(const RequestSpec& spec) {
  static const crypto::PublicKey stand_in = some_key();
  return certification_request_info(spec, stand_in);
}

Bytes info_with_key(ByteView certification_request_info, const crypto::PublicKey& key) {
  const ByteView there = request_key(certification_request_info);
  crypto::DerReader outer(certification_request_info, "the CertificationRequestInfo");
  const ByteView content = outer.expect(DerTag::sequence).content;
  const auto before = static_cast<std::size_t>(there.data() - content.data());
  return crypto::der_element(DerTag::sequence,
                             {content.first(before), key.spki(), content.subspan(before + there.size())});
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
