#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <iterator>
#include <openssl/objects.h>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/description.hpp>

#include "crypto/openssl_error.hpp"
#include "crypto/spki.hpp"
#include "model/extension_oids.hpp"
#include "x509/algorithm_identifier.hpp"
#include "x509/armor.hpp"
#include "x509/describe_attributes.hpp"
#include "x509/describe_extension.hpp"
#include "x509/document.hpp"
#include "x509/foreign_input.hpp"
#include "x509/signature_parameters.hpp"
#include "x509/text.hpp"
#include "x509/verdict.hpp"

namespace p11csr::x509 {
namespace {

// No real request or certificate comes near; more is not worth the time that hostile input could take.
constexpr std::size_t longest_input = 1024UL * 1024UL;

/// unknown_key is the name of a kind of key that p11csr has no type for, or that is not sound, with its curve or size.
std::string unknown_key(const crypto::SpkiParts& parts) {
  try {
    if (parts.algorithm == NID_rsaEncryption) {
      const ByteView modulus = crypto::split_rsa_key(parts.key).modulus;
      const auto zeros = modulus.empty() ? 0 : static_cast<std::size_t>(std::countl_zero(modulus.front()));
      return fmt::format("{} ({} bits)", parts.algorithm_name, modulus.size() * 8 - zeros);
    }
    if (parts.algorithm == NID_X9_62_id_ecPublicKey && parts.parameters) {
      const auto curve = crypto::decode<crypto::ObjectHandle>(d2i_ASN1_OBJECT, parts.parameters->whole);
      if (curve != nullptr) return fmt::format("{} ({})", parts.algorithm_name, crypto::object_name(curve.get()));
    }
  } catch (const Error& error) {
    if (error.code() != Errc::malformed_input) throw;
  }
  return parts.algorithm_name;
}

void describe_key(Description& description, ByteView spki) {
  description.subject_public_key_info.assign(spki.begin(), spki.end());
  const crypto::SpkiParts key = crypto::split_spki(spki);
  try {
    description.key = crypto::PublicKey::from_spki(spki);
    description.key_algorithm = display_name(description.key->kind());
  } catch (const Error& error) {
    if (error.code() != Errc::malformed_input) {
      throw;
    }
    description.key_algorithm = unknown_key(key);
  }
}

void collect_alternative_names(Description& description) {
  for (const ExtensionDescription& extension : description.extensions) {
    if (extension.oid == model::subject_alt_name_oid) {
      auto names = subject_alt_names_in(extension.value);
      std::move(names.begin(), names.end(), std::back_inserter(description.subject_alt_names));
    }
  }
}

Description begin(DocumentKind kind, ByteView der, const SignedParts& parts) {
  Description description;
  description.kind = kind;
  description.der.assign(der.begin(), der.end());
  description.to_be_signed.assign(parts.to_be_signed.begin(), parts.to_be_signed.end());
  description.signature_algorithm = algorithm_name(parts.algorithm);
  description.signature_parameters = signature_parameters(parts.algorithm);
  const SignatureParameters& parameters = description.signature_parameters;
  for (const std::string& digest : {parameters.digest, parameters.mgf_digest}) {
    if (!is_broken_digest(digest) || !description.notes.empty()) continue;
    description.notes.push_back(
        fmt::format("the signature's digest {} is broken: other content with the same digest can be made", digest));
  }
  return description;
}

Description describe_request(X509_REQ* request, ByteView der) {
  const SignedParts parts = split_signed(der);
  Description description = begin(DocumentKind::certification_request, der, parts);
  description.version = X509_REQ_get_version(request);
  description.subject = name_text(X509_REQ_get_subject_name(request));
  describe_key(description, request_key(parts.to_be_signed));
  describe_attributes(description, request);
  collect_alternative_names(description);
  description.verdict = judge_request(request, parts, description.key);
  return description;
}

std::string serial_text(const ASN1_INTEGER* serial) {
  const ByteView octets = octets_of(serial);
  const bool negative = (ASN1_STRING_type(serial) & V_ASN1_NEG) != 0;
  return (negative ? "-" : "") + (octets.empty() ? "00" : to_hex(octets));
}

Description describe_certificate(X509* certificate, ByteView der) {
  const SignedParts parts = split_signed(der);
  Description description = begin(DocumentKind::certificate, der, parts);
  description.version = X509_get_version(certificate);
  description.subject = name_text(X509_get_subject_name(certificate));
  description.issuer = name_text(X509_get_issuer_name(certificate));
  description.serial_number = serial_text(X509_get0_serialNumber(certificate));
  description.not_before = time_text(X509_get0_notBefore(certificate));
  description.not_after = time_text(X509_get0_notAfter(certificate));
  describe_key(description, split_certificate(parts.to_be_signed).key);
  for (int i = 0; i < X509_get_ext_count(certificate); ++i) {
    description.extensions.push_back(describe_extension(X509_get_ext(certificate, i)));
  }
  collect_alternative_names(description);
  description.verdict = judge_certificate(certificate, parts, description.key);
  return description;
}

Description describe_der(ByteView der, bool may_be_request, bool may_be_certificate) {
  if (may_be_request) {
    if (const auto request = crypto::decode<crypto::RequestHandle>(d2i_X509_REQ, der)) {
      return describe_request(request.get(), der);
    }
  }
  if (may_be_certificate) {
    if (const auto certificate = crypto::decode<crypto::CertificateHandle>(d2i_X509, der)) {
      return describe_certificate(certificate.get(), der);
    }
  }
  throw not_a_document(der);
}

Description describe_pem(ByteView input) {
  const PemBlock block = read_pem(input);
  const bool request = block.label == "CERTIFICATE REQUEST" || block.label == "NEW CERTIFICATE REQUEST";
  const bool certificate = block.label == "CERTIFICATE";
  if (!request && !certificate) {
    throw not_a_document_label(block.label);
  }
  return describe_der(block.der, request, certificate);
}

}  // namespace

Description describe(ByteView input) {
  if (input.empty()) {
    throw Error(Errc::malformed_input, "the input is empty",
                "give a certification request or a certificate, as PEM or DER");
  }
  if (input.size() > longest_input) {
    throw Error(
        Errc::malformed_input,
        fmt::format("the input is {} bytes long; a request or certificate has at most {}", input.size(), longest_input),
        "give a single certification request or certificate");
  }
  if (looks_like_pem(input)) {
    return describe_pem(input);
  }
  constexpr std::uint8_t sequence = 0x30;
  if (input.front() != sequence) {
    throw Error(Errc::malformed_input, "the input is neither PEM nor DER",
                "give a certification request or a certificate, as PEM or DER");
  }
  return describe_der(input, true, true);
}

}  // namespace p11csr::x509
