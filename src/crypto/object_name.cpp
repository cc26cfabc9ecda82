#include <openssl/objects.h>

#include "crypto/ml_dsa.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/spki.hpp"

namespace p11csr::crypto {

std::string dotted(const ASN1_OBJECT* object) {
  const int size = OBJ_obj2txt(nullptr, 0, object, 1);
  if (size <= 0) {
    // OpenSSL refuses arcs of absurd size; the octets are shown then.
    forget_errors();
    return "oid:" + to_hex(ByteView(OBJ_get0_data(object), OBJ_length(object)));
  }
  std::string text(static_cast<std::size_t>(size) + 1, '\0');
  OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string object_name(const ASN1_OBJECT* object) {
  const int nid = OBJ_obj2nid(object);
  if (nid != NID_undef) return OBJ_nid2ln(nid);
  if (const auto set = ml_dsa_set(object)) return std::string(facts(*set).name);
  return dotted(object);
}

}  // namespace p11csr::crypto
