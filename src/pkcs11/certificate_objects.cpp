#include "pkcs11/certificate_objects.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string>
#include <vector>

#include <p11csr/model/error.hpp>

#include "model/quote.hpp"
#include "pkcs11/return_code.hpp"
#include "pkcs11/uri_text.hpp"

namespace p11csr::pkcs11 {
namespace {

AttributeList minimal_template(const NewCertificate& certificate) {
  AttributeList list;
  list.number(CKA_CLASS, CKO_CERTIFICATE)
      .number(CKA_CERTIFICATE_TYPE, CKC_X_509)
      .flag(CKA_TOKEN, true)
      .bytes(CKA_SUBJECT, certificate.subject)
      .bytes(CKA_ID, certificate.id)
      .bytes(CKA_VALUE, certificate.value);
  return list;
}

// Issuer and serial number are how NSS and others find a certificate (PKCS #11, 4.6.3).
AttributeList full_template(const NewCertificate& certificate) {
  AttributeList list = minimal_template(certificate);
  list.flag(CKA_PRIVATE, false)
      .text(CKA_LABEL, certificate.label)
      .bytes(CKA_ISSUER, certificate.issuer)
      .bytes(CKA_SERIAL_NUMBER, certificate.serial_number);
  return list;
}

bool same(const Bytes& value, ByteView wanted) {
  return std::equal(value.begin(), value.end(), wanted.begin(), wanted.end());
}

ObjectHandle create(const Session& session, const NewCertificate& certificate, const std::string& token) {
  ObjectHandle handle{};
  AttributeList full = full_template(certificate);
  CK_RV result = session.create_object(full, handle);
  // A refused call may have left the object all the same.
  if (refuses_attributes(result) && certificates_with_value(session, certificate.value, token).empty()) {
    AttributeList minimal = minimal_template(certificate);
    result = session.create_object(minimal, handle);
  }
  if (result == CKR_OK) return handle;
  const Error plain = failure(result, "C_CreateObject");
  throw Error(plain.code(), plain.what(),
              "some tokens take certificates only from the security officer (--so-pin-source), or have no room left",
              plain.call());
}

// The end of a sentence about a certificate that could not be stored. Before, none had that value and that ID.
std::string what_is_left(const Session& session, const NewCertificate& certificate, const std::string& token) {
  try {
    std::vector<std::string> left;
    for (const StoredCertificate& each : certificates_with_value(session, certificate.value, token))
      if (each.id == certificate.id && session.destroy(each.handle) != CKR_OK) left.push_back(each.uri);
    return left.empty() ? "" : fmt::format("; left on the token: {}", fmt::join(left, " and "));
  } catch (const Error&) {  // what failed before is the error to tell
    return fmt::format("; it may be on the token, look for {}",
                       object_uri(token, certificate.id, certificate.label, ObjectClass::certificate));
  }
}

StoredCertificate create_and_read(const Session& session, const NewCertificate& certificate, const std::string& token) {
  try {
    return read_certificate(session, create(session, certificate, token), token);
  } catch (const Error& error) {
    throw Error(error.code(),
                fmt::format("the certificate {} was not stored: {}{}", model::in_quotes(certificate.label),
                            error.what(), what_is_left(session, certificate, token)),
                error.hint(), error.call());
  }
}

}  // namespace

StoredCertificate read_certificate(const Session& session, ObjectHandle handle, const std::string& token) {
  const auto values = read_attributes(session, handle, {CKA_ID, CKA_LABEL, CKA_VALUE});
  const Bytes id = values.bytes(CKA_ID);
  const std::string label = values.text(CKA_LABEL);
  return {handle, id, label, values.bytes(CKA_VALUE), object_uri(token, id, label, ObjectClass::certificate)};
}

std::vector<StoredCertificate> find_certificates(const Session& session, AttributeList& match,
                                                 const std::string& token) {
  std::vector<StoredCertificate> found;
  for (const ObjectHandle handle : session.find(match)) found.push_back(read_certificate(session, handle, token));
  return found;
}

std::vector<StoredCertificate> certificates_with_id(const Session& session, const Bytes& id, const std::string& token) {
  AttributeList match;
  match.number(CKA_CLASS, CKO_CERTIFICATE).bytes(CKA_ID, id);
  return find_certificates(session, match, token);
}

std::vector<StoredCertificate> certificates_with_value(const Session& session, ByteView der, const std::string& token) {
  AttributeList by_value;
  by_value.number(CKA_CLASS, CKO_CERTIFICATE).bytes(CKA_VALUE, der);
  try {
    return find_certificates(session, by_value, token);
  } catch (const Error& error) {
    if (error.code() != Errc::token_failed) throw;
  }
  AttributeList any;
  any.number(CKA_CLASS, CKO_CERTIFICATE);
  auto found = find_certificates(session, any, token);
  const auto other = [der](const StoredCertificate& each) { return !same(each.value, der); };
  found.erase(std::remove_if(found.begin(), found.end(), other), found.end());
  return found;
}

StoredCertificate store_certificate(const Session& session, const NewCertificate& certificate,
                                    const std::string& token) {
  StoredCertificate stored = create_and_read(session, certificate, token);
  if (same(stored.value, certificate.value) && stored.id == certificate.id) return stored;
  const CK_RV result = session.destroy(stored.handle);
  throw Error(Errc::token_failed,
              fmt::format("the token stored something else than the certificate; {}",
                          result == CKR_OK ? "it was removed again" : "left on the token: " + stored.uri));
}

void destroy_certificate(const Session& session, const StoredCertificate& certificate) {
  const CK_RV result = session.destroy(certificate.handle);
  if (result == CKR_OK) return;
  throw Error(Errc::token_failed, fmt::format("the token did not delete the certificate {}", certificate.uri),
              "some tokens delete certificates only for the security officer (--so-pin-source prompt), or never",
              call_text("C_DestroyObject", result));
}

}  // namespace p11csr::pkcs11
