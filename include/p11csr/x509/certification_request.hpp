#pragma once

#include <string>

#include <p11csr/crypto/public_key.hpp>
#include <p11csr/crypto/signer.hpp>
#include <p11csr/model/bytes.hpp>
#include <p11csr/model/request_spec.hpp>

#pragma GCC visibility push(default)
namespace p11csr::x509 {

/// SelfVerification says what becomes of a request whose signature this OpenSSL cannot verify (crypto::can_verify):
/// `required` withholds it, `where_possible` hands it out. A signature that is found wrong withholds it in either case.
enum class SelfVerification { required, where_possible };

/// CertificationRequest is a finished PKCS#10 request (RFC 2986) whose signature was verified in software, unless it
/// was said that this need not be.
class CertificationRequest {
 public:
  /// der is the whole DER CertificationRequest (RFC 2986, 4.2).
  [[nodiscard]] const Bytes& der() const noexcept { return der_; }
  /// to_be_signed is the DER CertificationRequestInfo.
  [[nodiscard]] const Bytes& to_be_signed() const noexcept { return to_be_signed_; }
  /// verified is false where this OpenSSL could not verify the signature.
  [[nodiscard]] bool verified() const noexcept { return verified_; }
  /// pem is request_pem of der.
  [[nodiscard]] std::string pem() const;

 private:
  friend CertificationRequest sign(Bytes certification_request_info, const crypto::PublicKey& key, Signer& signer,
                                   SelfVerification verification);
  CertificationRequest(Bytes der, Bytes to_be_signed, bool verified)
      : der_(std::move(der)), to_be_signed_(std::move(to_be_signed)), verified_(verified) {}
  Bytes der_;
  Bytes to_be_signed_;
  bool verified_;
};

/// request_pem is the RFC 7468 text of a DER CertificationRequest, "-----BEGIN CERTIFICATE REQUEST-----" with a final
/// newline.
[[nodiscard]] std::string request_pem(ByteView der);

/// check_encodable encodes all of the spec that needs no key and throws Error(malformed_input) for what cannot be
/// encoded (a raw extension that is not DER, say), so that bad input is refused before a token is touched.
void check_encodable(const RequestSpec& spec);

/// certification_request_info is the DER that would be signed for this key (RFC 2986, 4.1). Throws
/// Error(malformed_input) for what check_encodable refuses, and so do the two that follow.
[[nodiscard]] Bytes certification_request_info(const RequestSpec& spec, ByteView subject_public_key_info);
/// certification_request_info of a key that was checked.
[[nodiscard]] Bytes certification_request_info(const RequestSpec& spec, const crypto::PublicKey& key);

/// info_without_key is the same before the key is known: a stand-in is in its place. What it says is judged, kept and
/// compared by this.
[[nodiscard]] Bytes info_without_key(const RequestSpec& spec);
/// info_with_key puts a key in the place of the one that a DER CertificationRequestInfo has.
/// Throws Error(malformed_input).
[[nodiscard]] Bytes info_with_key(ByteView certification_request_info, const crypto::PublicKey& key);

/// require_verifiable throws Error(verification_failed) where a signature of this algorithm could not be verified and
/// has to be.
void require_verifiable(const SignatureAlgorithm& algorithm, SelfVerification verification);

/// sign has the signer sign what certification_request_info gave for its key, once, assembles, and verifies the result
/// with that key. Throws Error(verification_failed) when the signature does not verify; nothing of it is handed out
/// then. Where it cannot be verified and has to be, that is thrown before anything is signed.
[[nodiscard]] CertificationRequest sign(Bytes certification_request_info, const crypto::PublicKey& key, Signer& signer,
                                        SelfVerification verification = SelfVerification::required);

/// build encodes for the signer's key, and signs. Throws as certification_request_info and sign do.
[[nodiscard]] CertificationRequest build(const RequestSpec& spec, Signer& signer,
                                         SelfVerification verification = SelfVerification::required);

}  // namespace p11csr::x509
#pragma GCC visibility pop
