#include <algorithm>
#include <fmt/format.h>
#include <openssl/objects.h>
#include <vector>

#include <p11csr/model/error.hpp>

#include "crypto/der_writer.hpp"
#include "crypto/openssl_error.hpp"
#include "x509/encoding.hpp"

namespace p11csr::x509 {
namespace {

crypto::DerTag tag_of(StringType type) {
  switch (type) {
    case StringType::printable:
      return crypto::DerTag::printable_string;
    case StringType::utf8:
      return crypto::DerTag::utf8_string;
    case StringType::ia5:
      return crypto::DerTag::ia5_string;
  }
  throw Error(Errc::unexpected, "a string type without a tag");
}

Bytes encode_attribute(const AttributeTypeAndValue& attribute) {
  return crypto::der_element(crypto::DerTag::sequence,
                             {crypto::der_oid(attribute.type),
                              crypto::der_element(tag_of(string_type(attribute)), {as_bytes(attribute.value)})});
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

Bytes encode_name(const Subject& subject) {
  Bytes rdns;
  for (const RelativeDistinguishedName& rdn : subject.rdns()) {
    std::vector<Bytes> attributes(rdn.size());
    std::transform(rdn.begin(), rdn.end(), attributes.begin(), encode_attribute);
    const Bytes set = crypto::der_set(crypto::DerTag::set, std::move(attributes));
    rdns.insert(rdns.end(), set.begin(), set.end());
  }
  return crypto::der_element(crypto::DerTag::sequence, {rdns});
}

}  // namespace p11csr::x509
