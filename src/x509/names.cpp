#include <fmt/format.h>
#include <openssl/objects.h>

#include <p11csr/model/error.hpp>

#include "crypto/openssl_error.hpp"
#include "x509/encoding.hpp"

namespace p11csr::x509 {
namespace {

int asn1_type(StringType type) {
  switch (type) {
    case StringType::printable:
      return V_ASN1_PRINTABLESTRING;
    case StringType::utf8:
      return V_ASN1_UTF8STRING;
    case StringType::ia5:
      return V_ASN1_IA5STRING;
  }
  throw Error(Errc::unexpected, "a string type without a tag");
}

crypto::NameEntryHandle encode_attribute(const AttributeTypeAndValue& attribute) {
  const auto object = object_of(attribute.type);
  const ByteView value = as_bytes(attribute.value);
  return crypto::owned<crypto::NameEntryHandle>(
      X509_NAME_ENTRY_create_by_OBJ(nullptr, object.get(), asn1_type(string_type(attribute)), value.data(),
                                    static_cast<int>(value.size())),
      "X509_NAME_ENTRY_create_by_OBJ");
}

}  // namespace

crypto::ObjectHandle object_of(const Oid& oid) {
  crypto::ObjectHandle object(OBJ_txt2obj(oid.dotted().c_str(), 1));
  if (object == nullptr) {
    throw crypto::openssl_error(Errc::malformed_input, fmt::format("the OID '{}' cannot be encoded", oid.dotted()));
  }
  return object;
}

crypto::StringHandle string_of(int type, ByteView octets) {
  auto string = crypto::owned<crypto::StringHandle>(ASN1_STRING_type_new(type), "ASN1_STRING_type_new");
  crypto::check(ASN1_STRING_set(string.get(), octets.data(), static_cast<int>(octets.size())) == 1, "ASN1_STRING_set");
  return string;
}

crypto::NameHandle encode_name(const Subject& subject) {
  constexpr int at_the_end = -1;
  auto name = crypto::owned<crypto::NameHandle>(X509_NAME_new(), "X509_NAME_new");
  for (const RelativeDistinguishedName& rdn : subject.rdns()) {
    int set = 0;  // begins an RDN; -1 adds to the one before
    for (const AttributeTypeAndValue& attribute : rdn) {
      const auto entry = encode_attribute(attribute);
      crypto::check(X509_NAME_add_entry(name.get(), entry.get(), at_the_end, set) == 1, "X509_NAME_add_entry");
      set = -1;
    }
  }
  return name;
}

}  // namespace p11csr::x509
