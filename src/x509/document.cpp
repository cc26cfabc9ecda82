#include "x509/document.hpp"

namespace p11csr::x509 {

using crypto::DerReader;
using crypto::DerTag;

SignedParts split_signed(ByteView der) {
  DerReader outer(der, "the input");
  DerReader parts = outer.inside(DerTag::sequence);
  outer.finish();
  const ByteView to_be_signed = parts.expect(DerTag::sequence).whole;
  const ByteView algorithm = parts.expect(DerTag::sequence).whole;
  const ByteView signature = parts.expect(DerTag::bit_string).content;
  parts.finish();
  return {to_be_signed, algorithm, signature};
}

ByteView request_key(ByteView certification_request_info) {
  DerReader outer(certification_request_info, "the CertificationRequestInfo");
  DerReader info = outer.inside(DerTag::sequence);
  static_cast<void>(info.expect(DerTag::integer));   // version
  static_cast<void>(info.expect(DerTag::sequence));  // subject
  return info.expect(DerTag::sequence).whole;
}

CertificateParts split_certificate(ByteView tbs_certificate) {
  DerReader outer(tbs_certificate, "the TBSCertificate");
  DerReader certificate = outer.inside(DerTag::sequence);
  if (certificate.next_is(DerTag::context_0)) {
    static_cast<void>(certificate.next());  // version
  }
  static_cast<void>(certificate.expect(DerTag::integer));  // serialNumber
  const ByteView algorithm = certificate.expect(DerTag::sequence).whole;
  static_cast<void>(certificate.expect(DerTag::sequence));  // issuer
  static_cast<void>(certificate.expect(DerTag::sequence));  // validity
  static_cast<void>(certificate.expect(DerTag::sequence));  // subject
  return {algorithm, certificate.expect(DerTag::sequence).whole};
}

}  // namespace p11csr::x509
