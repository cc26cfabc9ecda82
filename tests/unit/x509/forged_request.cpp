#include "unit/x509/forged_request.hpp"

#include <openssl/objects.h>

#include "crypto/openssl_error.hpp"
#include "unit/x509/software_signer.hpp"

namespace p11csr::test {

using crypto::check;
using crypto::owned;

namespace {

crypto::ObjectHandle object(std::string_view oid) {
  return owned<crypto::ObjectHandle>(OBJ_txt2obj(std::string(oid).c_str(), 1), "OBJ_txt2obj");
}

}  // namespace

ForgedRequest::ForgedRequest() : key_(generate_key(EcKey{NamedCurve::p256})), request_(X509_REQ_new()) {
  check(X509_REQ_set_pubkey(request_.get(), key_.get()) == 1, "X509_REQ_set_pubkey");
}

ForgedRequest& ForgedRequest::add_name(std::string_view oid, int type, std::string_view value) {
  const auto entry = owned<crypto::NameEntryHandle>(
      X509_NAME_ENTRY_create_by_OBJ(nullptr, object(oid).get(), type, as_bytes(value).data(),
                                    static_cast<int>(value.size())),
      "X509_NAME_ENTRY_create_by_OBJ");
  check(X509_NAME_add_entry(X509_REQ_get_subject_name(request_.get()), entry.get(), -1, 0) == 1, "X509_NAME_add_entry");
  return *this;
}

ForgedRequest& ForgedRequest::add_attribute(std::string_view oid, int type, ByteView content) {
  check(X509_REQ_add1_attr_by_OBJ(request_.get(), object(oid).get(), type, content.data(),
                                  static_cast<int>(content.size())) == 1,
        "X509_REQ_add1_attr_by_OBJ");
  return *this;
}

ForgedRequest& ForgedRequest::add_empty_attribute(std::string_view oid) {
  using AttributeHandle = crypto::Handle<X509_ATTRIBUTE, X509_ATTRIBUTE_free>;
  const auto attribute = owned<AttributeHandle>(X509_ATTRIBUTE_new(), "X509_ATTRIBUTE_new");
  check(X509_ATTRIBUTE_set1_object(attribute.get(), object(oid).get()) == 1 &&
            X509_REQ_add1_attr(request_.get(), attribute.get()) == 1,
        "X509_REQ_add1_attr");
  return *this;
}

ForgedRequest& ForgedRequest::add_extensions(const std::vector<Extension>& extensions) {
  const auto stack = owned<crypto::ExtensionsHandle>(sk_X509_EXTENSION_new_null(), "sk_X509_EXTENSION_new_null");
  for (const Extension& extension : extensions) {
    const auto octets = owned<crypto::OctetStringHandle>(ASN1_OCTET_STRING_new(), "ASN1_OCTET_STRING_new");
    check(ASN1_OCTET_STRING_set(octets.get(), extension.value.data(), static_cast<int>(extension.value.size())) == 1,
          "ASN1_OCTET_STRING_set");
    auto one = owned<crypto::ExtensionHandle>(
        X509_EXTENSION_create_by_OBJ(nullptr, object(extension.oid).get(), extension.critical ? 1 : 0, octets.get()),
        "X509_EXTENSION_create_by_OBJ");
    check(sk_X509_EXTENSION_push(stack.get(), one.release()) > 0, "sk_X509_EXTENSION_push");
  }
  const Bytes der = crypto::encode(i2d_X509_EXTENSIONS, stack.get(), "i2d_X509_EXTENSIONS");
  return add_attribute("1.2.840.113549.1.9.14", V_ASN1_SEQUENCE, der);
}

Bytes ForgedRequest::der() {
  check(X509_REQ_sign(request_.get(), key_.get(), EVP_sha256()) > 0, "X509_REQ_sign");
  return crypto::encode(i2d_X509_REQ, request_.get(), "i2d_X509_REQ");
}

Bytes tlv(std::uint8_t identifier, std::string_view content) {
  Bytes der = {identifier, static_cast<std::uint8_t>(content.size())};
  der.insert(der.end(), content.begin(), content.end());
  return der;
}

}  // namespace p11csr::test
