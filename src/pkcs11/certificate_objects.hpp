#pragma once

#include <string>
#include <vector>

#include <p11csr/model/bytes.hpp>

#include "pkcs11/attributes.hpp"
#include "pkcs11/session.hpp"

namespace p11csr::pkcs11 {

/// StoredCertificate is a certificate object (CKC_X_509) as it was read.
struct StoredCertificate {
  ObjectHandle handle;
  Bytes id;
  std::string label;
  Bytes value;  // DER; empty where the token does not show it
  std::string uri;
};

/// NewCertificate is what a certificate object is made of (PKCS #11, 4.6.3); subject, issuer and serial_number as DER.
struct NewCertificate {
  ByteView value;
  ByteView subject;
  ByteView issuer;
  ByteView serial_number;
  Bytes id;
  std::string label;
};

/// read_certificate reads an object with one call. `token` is the token's URI. Throws Error.
[[nodiscard]] StoredCertificate read_certificate(const Session& session, ObjectHandle handle, const std::string& token);

/// find_certificates gives the certificate objects that match; certificates_with_id and certificates_with_value those
/// with a CKA_ID or a DER value, which a token that cannot search for it is asked for one by one. Throw Error.
[[nodiscard]] std::vector<StoredCertificate> find_certificates(const Session& session, AttributeList& match,
                                                               const std::string& token);
[[nodiscard]] std::vector<StoredCertificate> certificates_with_id(const Session& session, const Bytes& id,
                                                                  const std::string& token);
[[nodiscard]] std::vector<StoredCertificate> certificates_with_value(const Session& session, ByteView der,
                                                                     const std::string& token);

/// store_certificate makes a certificate object with the full template and, where the token refuses attributes, once
/// more with the minimal one; what counts is what is read back, and an object that is not what was asked for is
/// destroyed again. Throws Error.
[[nodiscard]] StoredCertificate store_certificate(const Session& session, const NewCertificate& certificate,
                                                  const std::string& token);

/// destroy_certificate throws Error naming the certificate that is left.
void destroy_certificate(const Session& session, const StoredCertificate& certificate);

}  // namespace p11csr::pkcs11
