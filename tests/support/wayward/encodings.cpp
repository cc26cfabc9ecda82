#include "encodings.hpp"

#include <memory>
#include <openssl/asn1.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <string_view>

#include "complain.hpp"

namespace wayward {
namespace {

template <auto Free>
struct Deleter {
  template <typename Object>
  void operator()(Object* object) const {
    Free(object);
  }
};
using StringPointer = std::unique_ptr<ASN1_STRING, Deleter<ASN1_STRING_free>>;
using ObjectPointer = std::unique_ptr<ASN1_OBJECT, Deleter<ASN1_OBJECT_free>>;
using GroupPointer = std::unique_ptr<EC_GROUP, Deleter<EC_GROUP_free>>;

/// encode runs one of OpenSSL's i2d functions.
template <typename Encoder, typename Object>
Bytes encode(Encoder i2d, const Object* object) {
  const int length = i2d(object, nullptr);
  if (length <= 0) complain_and_abort("cannot encode what was ordered");
  Bytes der(static_cast<std::size_t>(length));
  unsigned char* end = der.data();
  i2d(object, &end);
  return der;
}

Bytes encode_string(int type, const unsigned char* data, std::size_t length) {
  const StringPointer string(ASN1_STRING_type_new(type));
  if (ASN1_STRING_set(string.get(), data, static_cast<int>(length)) != 1) complain_and_abort("out of memory");
  // No unused bits, and none cut off at the end.
  if (type == V_ASN1_BIT_STRING) string->flags |= ASN1_STRING_FLAG_BITS_LEFT;
  if (type == V_ASN1_BIT_STRING) return encode(i2d_ASN1_BIT_STRING, string.get());
  if (type == V_ASN1_OCTET_STRING) return encode(i2d_ASN1_OCTET_STRING, string.get());
  return encode(i2d_ASN1_PRINTABLESTRING, string.get());
}

Bytes bare_point(const Bytes& value) {
  const unsigned char* at = value.data();
  const StringPointer string(d2i_ASN1_OCTET_STRING(nullptr, &at, static_cast<long>(value.size())));
  if (string == nullptr || at != value.data() + value.size()) return value;
  const unsigned char* data = ASN1_STRING_get0_data(string.get());
  return {data, data + ASN1_STRING_length(string.get())};
}

std::string_view printable_name(int nid) {
  if (nid == NID_ED25519) return "edwards25519";
  if (nid == NID_ED448) return "edwards448";
  return OBJ_nid2sn(nid);
}

}  // namespace

Bytes reencode_point(const Bytes& value, PointForm form) {
  if (form == PointForm::as_it_is || value.empty()) return value;
  const Bytes point = bare_point(value);
  if (form == PointForm::raw) return point;
  return encode_string(form == PointForm::bit_string ? V_ASN1_BIT_STRING : V_ASN1_OCTET_STRING, point.data(),
                       point.size());
}

Bytes reencode_parameters(const Bytes& value, ParametersForm form) {
  if (form == ParametersForm::as_it_is || value.empty()) return value;
  const unsigned char* at = value.data();
  const ObjectPointer oid(d2i_ASN1_OBJECT(nullptr, &at, static_cast<long>(value.size())));
  const int nid = oid == nullptr ? NID_undef : OBJ_obj2nid(oid.get());
  if (nid == NID_undef) return value;
  if (form == ParametersForm::printable) {
    const std::string_view name = printable_name(nid);
    return encode_string(V_ASN1_PRINTABLESTRING, reinterpret_cast<const unsigned char*>(name.data()), name.size());
  }
  const GroupPointer group(EC_GROUP_new_by_curve_name(nid));
  if (group == nullptr) return value;
  EC_GROUP_set_asn1_flag(group.get(), OPENSSL_EC_EXPLICIT_CURVE);
  return encode(i2d_ECPKParameters, group.get());
}

Bytes digest_for(CK_MECHANISM_TYPE mechanism, const Bytes& data) {
  const EVP_MD* algorithm = EVP_sha256();
  if (mechanism == CKM_ECDSA_SHA384) algorithm = EVP_sha384();
  if (mechanism == CKM_ECDSA_SHA512) algorithm = EVP_sha512();
  Bytes hash(EVP_MAX_MD_SIZE);
  unsigned int length = 0;
  if (EVP_Digest(data.data(), data.size(), hash.data(), &length, algorithm, nullptr) != 1) {
    complain_and_abort("cannot hash");
  }
  hash.resize(length);
  return hash;
}

}  // namespace wayward
