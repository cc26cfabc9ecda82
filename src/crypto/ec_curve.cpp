#include <fmt/format.h>
#include <map>
#include <mutex>
#include <openssl/objects.h>
#include <string>

#include <p11csr/crypto/public_key.hpp>
#include <p11csr/model/error.hpp>

#include "crypto/der.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/spki.hpp"

namespace p11csr::crypto {
namespace {

NamedCurve supported_curve(const ASN1_OBJECT* object) {
  const auto curve = find_curve(dotted(object));
  if (!curve) {
    throw Error(Errc::malformed_input, fmt::format("the curve '{}' is not supported", object_name(object)));
  }
  return *curve;
}

NamedCurve curve_of_explicit_parameters(ByteView der) {
  // The check is on the numbers alone: a name that OpenSSL may have kept from decoding is not asked for.
  const auto group = decode<GroupHandle>(d2i_ECPKParameters, der);
  if (group == nullptr) {
    throw Error(Errc::malformed_input, "the explicit EC parameters are not well-formed");
  }
  const int nid = EC_GROUP_check_named_curve(group.get(), 0, nullptr);
  forget_errors();
  if (nid == NID_undef) {
    throw Error(Errc::malformed_input, "the explicit EC parameters are of no known curve, which is not supported");
  }
  return supported_curve(OBJ_nid2obj(nid));
}

}  // namespace

NamedCurve curve_of_parameters(ByteView der) {
  constexpr std::string_view words = "the ECParameters";
  DerReader reader(der, words);
  const DerElement parameters = reader.next();
  reader.finish();
  if (parameters.is(DerTag::object_identifier)) {
    const auto object = decode<ObjectHandle>(d2i_ASN1_OBJECT, der);
    if (object == nullptr) {
      throw Error(Errc::malformed_input, "the ECParameters have an OID that is not DER");
    }
    return supported_curve(object.get());
  }
  if (parameters.is(DerTag::sequence)) {
    return curve_of_explicit_parameters(der);
  }
  throw Error(Errc::malformed_input, "the ECParameters are neither an OID nor explicit parameters");
}

Bytes parameters_of_curve(NamedCurve curve) {
  return encode(i2d_ASN1_OBJECT, OBJ_nid2obj(curve_nid(curve)), "i2d_ASN1_OBJECT");
}

int curve_nid(NamedCurve curve) {
  const int nid = OBJ_txt2nid(std::string(facts(curve).oid).c_str());
  check(nid != NID_undef, "OBJ_txt2nid");
  return nid;
}

const EC_GROUP* group_of(NamedCurve curve) {
  // A group costs more than any one point that is looked at.
  static std::mutex guard;
  static std::map<NamedCurve, GroupHandle> groups;
  const std::lock_guard lock(guard);
  GroupHandle& group = groups[curve];
  if (group == nullptr)
    group = owned<GroupHandle>(EC_GROUP_new_by_curve_name(curve_nid(curve)), "EC_GROUP_new_by_curve_name");
  return group.get();
}

PointHandle point_on(NamedCurve curve, ByteView point) {
  // SEC 1, 2.3.3 knows 02, 03 and 04; X9.62's hybrid forms (06, 07) and infinity (00) are no keys.
  if (point.empty() || point[0] < 2 || point[0] > 4) return nullptr;
  const EC_GROUP* group = group_of(curve);
  auto decoded = owned<PointHandle>(EC_POINT_new(group), "EC_POINT_new");
  if (EC_POINT_oct2point(group, decoded.get(), point.data(), point.size(), nullptr) == 1) return decoded;
  forget_errors();
  return nullptr;
}

}  // namespace p11csr::crypto
