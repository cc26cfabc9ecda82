#include "crypto/spki.hpp"

#include <openssl/objects.h>
#include <string_view>

#include <p11csr/model/error.hpp>

#include "crypto/ml_dsa.hpp"
#include "crypto/openssl_error.hpp"

namespace p11csr::crypto {
namespace {

constexpr std::string_view spki_words = "the SubjectPublicKeyInfo";

/// Takes the parameter over, like the X509_PUBKEY that it goes into. OpenSSL's own objects are not freed with a handle.
Bytes assemble_spki(ObjectHandle algorithm, int parameter_type, ASN1_OBJECT* parameter, ByteView key) {
  // X509_PUBKEY_set0_param and its i2d only move octets. i2d_PUBKEY would start OpenSSL's encoders, which takes longer
  // than all the rest of the work on a request.
  auto spki = owned<PublicKeyInfoHandle>(X509_PUBKEY_new(), "X509_PUBKEY_new");
  auto copy = owned<OwnedMemory>(static_cast<unsigned char*>(OPENSSL_memdup(key.data(), key.size())), "OPENSSL_memdup");
  check(X509_PUBKEY_set0_param(spki.get(), algorithm.get(), parameter_type, parameter, copy.get(),
                               static_cast<int>(key.size())) == 1,
        "X509_PUBKEY_set0_param");
  static_cast<void>(copy.release());
  static_cast<void>(algorithm.release());
  return encode(i2d_X509_PUBKEY, spki.get(), "i2d_X509_PUBKEY");
}

void push_integer(STACK_OF(ASN1_TYPE) * sequence, ByteView number) {
  auto big = owned<BignumHandle>(BN_bin2bn(number.data(), static_cast<int>(number.size()), nullptr), "BN_bin2bn");
  auto integer = owned<IntegerHandle>(BN_to_ASN1_INTEGER(big.get(), nullptr), "BN_to_ASN1_INTEGER");
  auto any = owned<AnyHandle>(ASN1_TYPE_new(), "ASN1_TYPE_new");
  ASN1_TYPE_set(any.get(), V_ASN1_INTEGER, integer.release());
  check(sk_ASN1_TYPE_push(sequence, any.get()) > 0, "sk_ASN1_TYPE_push");
  static_cast<void>(any.release());
}

ByteView positive(const DerElement& integer) {
  const auto number = unsigned_integer(integer.content);
  if (!number) {
    throw Error(Errc::malformed_input, "the RSAPublicKey has a number that is negative or not DER");
  }
  return *number;
}

}  // namespace

SpkiParts split_spki(ByteView der) {
  DerReader outer(der, spki_words);
  DerReader spki = outer.inside(DerTag::sequence);
  outer.finish();
  DerReader algorithm = spki.inside(DerTag::sequence);
  const DerElement oid = algorithm.expect(DerTag::object_identifier);
  std::optional<DerElement> parameters;
  if (!algorithm.at_end()) {
    parameters = algorithm.next();
  }
  algorithm.finish();
  const auto key = octets_of_bit_string(spki.expect(DerTag::bit_string).content);
  spki.finish();
  const auto object = decode<ObjectHandle>(d2i_ASN1_OBJECT, oid.whole);
  if (object == nullptr || !key) {
    throw Error(Errc::malformed_input, "the SubjectPublicKeyInfo is not well-formed");
  }
  return {OBJ_obj2nid(object.get()), ml_dsa_set(object.get()), object_name(object.get()), parameters, *key};
}

RsaNumbers split_rsa_key(ByteView der) {
  DerReader outer(der, "the RSAPublicKey");
  DerReader numbers = outer.inside(DerTag::sequence);
  outer.finish();
  const ByteView modulus = positive(numbers.expect(DerTag::integer));
  const ByteView exponent = positive(numbers.expect(DerTag::integer));
  numbers.finish();
  return {modulus, exponent};
}

Bytes rsa_spki(ByteView modulus, ByteView exponent) {
  auto numbers = owned<AnySequenceHandle>(sk_ASN1_TYPE_new_null(), "sk_ASN1_TYPE_new_null");
  push_integer(numbers.get(), modulus);
  push_integer(numbers.get(), exponent);
  const Bytes key = encode(i2d_ASN1_SEQUENCE_ANY, numbers.get(), "i2d_ASN1_SEQUENCE_ANY");
  return assemble_spki(ObjectHandle(OBJ_nid2obj(NID_rsaEncryption)), V_ASN1_NULL, nullptr, key);
}

Bytes ec_spki(NamedCurve curve, ByteView uncompressed_point) {
  return assemble_spki(ObjectHandle(OBJ_nid2obj(NID_X9_62_id_ecPublicKey)), V_ASN1_OBJECT,
                       OBJ_nid2obj(curve_nid(curve)), uncompressed_point);
}

Bytes edwards_spki(EdwardsCurve curve, ByteView raw) {
  return assemble_spki(ObjectHandle(OBJ_nid2obj(edwards_nid(curve))), V_ASN1_UNDEF, nullptr, raw);
}

Bytes ml_dsa_spki(MlDsaSet set, ByteView raw) {
  // RFC 9881, 2 and 4: no parameters, and the octets of the key as they are.
  return assemble_spki(ml_dsa_object(set), V_ASN1_UNDEF, nullptr, raw);
}

int edwards_nid(EdwardsCurve curve) {
  switch (curve) {
    case EdwardsCurve::ed25519:
      return NID_ED25519;
    case EdwardsCurve::ed448:
      return NID_ED448;
  }
  throw Error(Errc::unexpected, "an Edwards curve without a number");
}

}  // namespace p11csr::crypto
