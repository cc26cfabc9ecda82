#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <vector>

#include <p11csr/model/error.hpp>

#include "pkcs11/public_key_attributes.hpp"

using p11csr::Bytes;
using p11csr::pkcs11::AttributeValues;

// Octets that a token gives for a public key's attributes, length before value: they are a key, none, or an error of
// the token. A key is the same when it is read from its SubjectPublicKeyInfo.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const p11csr::ByteView input{data, size};
  std::map<CK_ATTRIBUTE_TYPE, Bytes> values;
  std::size_t at = 0;
  std::vector<CK_ATTRIBUTE_TYPE> types = p11csr::pkcs11::public_key_attribute_types();
  const auto& of_ml_dsa = p11csr::pkcs11::ml_dsa_attribute_types();
  types.insert(types.end(), of_ml_dsa.begin(), of_ml_dsa.end());
  for (const CK_ATTRIBUTE_TYPE type : types) {
    if (at + 2 > size) break;
    const std::size_t wanted = data[at] * std::size_t{256} + data[at + 1];
    at += 2;
    const auto value = input.subspan(at, std::min(wanted, size - at));
    at += value.size();
    if (!value.empty()) values.emplace(type, Bytes(value.begin(), value.end()));
  }
  const AttributeValues attributes(std::move(values));
  static_cast<void>(p11csr::pkcs11::curve_kind(attributes));
  static_cast<void>(p11csr::pkcs11::parameter_set_kind(attributes));
  for (const auto key_of : {p11csr::pkcs11::public_key_of, p11csr::pkcs11::ml_dsa_key_of}) {
    try {
      const auto key = key_of(attributes);
      if (key && p11csr::crypto::PublicKey::from_spki(key->spki()) != *key) std::abort();
    } catch (const p11csr::Error& error) {
      if (error.code() != p11csr::Errc::token_failed) std::abort();
    }
  }
  return 0;
}
