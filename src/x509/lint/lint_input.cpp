#include <openssl/x509.h>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/certification_request.hpp>
#include <p11csr/x509/lint.hpp>

#include "crypto/openssl_error.hpp"
#include "x509/algorithm_identifier.hpp"
#include "x509/armor.hpp"
#include "x509/document.hpp"
#include "x509/foreign_input.hpp"
#include "x509/verdict.hpp"

namespace p11csr::x509 {
namespace {

Bytes algorithm_der(const std::optional<SignatureAlgorithm>& algorithm) {
  if (!algorithm) return {};
  return crypto::encode(i2d_X509_ALGOR, encode_algorithm(*algorithm).get(), "i2d_X509_ALGOR");
}

constexpr const char* wanted = "give a certification request, as PEM or DER";

Error is_certificate() {
  return {
      Errc::malformed_input, "the input is a certificate, and only certification requests are judged",
      "give the request it was made from; p11csr request --from FILE --dry-run judges one that repeats a certificate"};
}

Error not_a_request(std::string_view label) {
  const bool certificate = label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == "TRUSTED CERTIFICATE";
  return certificate ? is_certificate() : Error(Errc::malformed_input, not_a_document_label(label).what(), wanted);
}

Bytes request_der(ByteView input) {
  if (!looks_like_pem(input)) return {input.begin(), input.end()};
  PemBlock block = read_pem(input);
  if (block.label != "CERTIFICATE REQUEST" && block.label != "NEW CERTIFICATE REQUEST")
    throw not_a_request(block.label);
  return std::move(block.der);
}

SignedParts parts_of(ByteView der) {
  if (crypto::decode<crypto::CertificateHandle>(d2i_X509, der) != nullptr) throw is_certificate();
  try {
    return split_signed(der);
  } catch (const Error&) {
    throw Error(Errc::malformed_input, not_a_document(der).what(), wanted);
  }
}

}  // namespace

LintInput LintInput::of_request(ByteView request) {
  const Bytes der = request_der(request);
  const SignedParts parts = parts_of(der);
  LintInput input({parts.to_be_signed.begin(), parts.to_be_signed.end()},
                  {parts.algorithm.begin(), parts.algorithm.end()});
  input.signature_ = judge_request(der);
  return input;
}

LintInput LintInput::of_info(ByteView info, const std::optional<SignatureAlgorithm>& algorithm) {
  return {{info.begin(), info.end()}, algorithm_der(algorithm)};
}

LintInput LintInput::of_checked_key(ByteView info, const std::optional<SignatureAlgorithm>& algorithm) {
  LintInput input = of_info(info, algorithm);
  input.key_checked_ = true;
  return input;
}

LintInput LintInput::of_spec(const RequestSpec& spec, const std::optional<KeySpec>& kind,
                             const std::optional<SignatureAlgorithm>& algorithm) {
  LintInput input(info_without_key(spec), algorithm_der(algorithm));
  input.without_key_ = true;
  input.kind_ = kind;
  return input;
}

}  // namespace p11csr::x509
