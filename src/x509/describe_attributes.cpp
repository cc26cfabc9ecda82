#include "x509/describe_attributes.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <openssl/objects.h>

#include "crypto/openssl_error.hpp"
#include "crypto/spki.hpp"
#include "x509/describe_extension.hpp"

namespace p11csr::x509 {
namespace {

AttributeDescription describe_attribute(X509_ATTRIBUTE* attribute) {
  const ASN1_OBJECT* object = X509_ATTRIBUTE_get0_object(attribute);
  AttributeDescription result;
  result.oid = crypto::dotted(object);
  result.name = crypto::object_name(object);
  for (int i = 0; i < X509_ATTRIBUTE_count(attribute); ++i) {
    result.values.push_back(crypto::encode(i2d_ASN1_TYPE, X509_ATTRIBUTE_get0_type(attribute, i), "i2d_ASN1_TYPE"));
  }
  return result;
}

/// False when there is no value, or one is no Extensions; nothing is added then.
bool add_extensions(std::vector<ExtensionDescription>& target, const AttributeDescription& attribute) {
  if (attribute.values.empty()) {
    return false;
  }
  std::vector<ExtensionDescription> found;
  for (const Bytes& value : attribute.values) {
    const auto extensions = crypto::decode<crypto::ExtensionsHandle>(d2i_X509_EXTENSIONS, value);
    if (extensions == nullptr) {
      return false;
    }
    for (int i = 0; i < sk_X509_EXTENSION_num(extensions.get()); ++i) {
      found.push_back(describe_extension(sk_X509_EXTENSION_value(extensions.get(), i)));
    }
  }
  std::move(found.begin(), found.end(), std::back_inserter(target));
  return true;
}

}  // namespace

void describe_attributes(Description& description, X509_REQ* request) {
  std::size_t extension_requests = 0;
  for (int i = 0; i < X509_REQ_get_attr_count(request); ++i) {
    X509_ATTRIBUTE* attribute = X509_REQ_get_attr(request, i);
    const int nid = OBJ_obj2nid(X509_ATTRIBUTE_get0_object(attribute));
    AttributeDescription described = describe_attribute(attribute);
    const bool carries_extensions = nid == NID_ext_req || nid == NID_ms_ext_req;
    if (nid == NID_ext_req) {
      extension_requests += described.values.size();
    }
    const bool added = carries_extensions && add_extensions(description.extensions, described);
    if (!added || nid != NID_ext_req) {
      description.attributes.push_back(std::move(described));
    }
  }
  if (extension_requests > 1) {
    description.notes.push_back(
        fmt::format("there are {} extension requests, shown as one: RFC 2985, 5.4.2 allows a single one, and an issuer "
                    "may read any of them",
                    extension_requests));
  }
}

}  // namespace p11csr::x509
