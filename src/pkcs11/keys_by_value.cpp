#include "pkcs11/keys_by_value.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <utility>

#include <p11csr/model/error.hpp>

#include "crypto/spki.hpp"
#include "pkcs11/return_code.hpp"

namespace p11csr::pkcs11 {
namespace {

bool is_rsa(const crypto::PublicKey& key) { return std::holds_alternative<RsaKey>(key.kind()); }

Bytes der_element(std::uint8_t tag, ByteView first, ByteView rest) {
  const std::size_t length = first.size() + rest.size();
  Bytes der{tag};
  // A P-521 point has 133 octets: the length takes two octets at most (X.690, 8.1.3).
  if (length >= 0x80) der.push_back(0x81);
  der.push_back(static_cast<std::uint8_t>(length));
  der.insert(der.end(), first.begin(), first.end());
  der.insert(der.end(), rest.begin(), rest.end());
  return der;
}

// How tokens write a public value, the standard's way first (PKCS #11 Mechanisms 2.40, 2.3.3; 3.2, 6.67.2).
std::vector<AttributeList> value_templates(const crypto::PublicKey& wanted) {
  const auto parts = crypto::split_spki(wanted.spki());
  std::vector<std::pair<CK_ATTRIBUTE_TYPE, Bytes>> values;
  if (is_rsa(wanted)) {
    const ByteView modulus = crypto::split_rsa_key(parts.key).modulus;
    values.emplace_back(CKA_MODULUS, Bytes(modulus.begin(), modulus.end()));
  } else if (parts.ml_dsa) {
    values.emplace_back(CKA_VALUE, Bytes(parts.key.begin(), parts.key.end()));
  } else {
    constexpr std::uint8_t octet_string = 0x04;
    constexpr std::uint8_t bit_string = 0x03;
    const Bytes no_unused_bits{0};
    values.emplace_back(CKA_EC_POINT, der_element(octet_string, {}, parts.key));
    values.emplace_back(CKA_EC_POINT, Bytes(parts.key.begin(), parts.key.end()));
    values.emplace_back(CKA_EC_POINT, der_element(bit_string, no_unused_bits, parts.key));
  }
  std::vector<AttributeList> templates;
  for (const auto& [type, value] : values)
    templates.emplace_back().number(CKA_CLASS, CKO_PUBLIC_KEY).bytes(type, value);
  return templates;
}

// A token may refuse to search for such an attribute: then all keys are read, and a token that is gone fails there.
std::vector<ObjectHandle> find_if_it_may(const Session& session, AttributeList& match) {
  try {
    return session.find(match);
  } catch (const Error& error) {
    if (error.code() != Errc::token_failed) throw;
    return {};
  }
}

AttributeList class_and_id(CK_OBJECT_CLASS object_class, const Bytes& id) {
  AttributeList match;
  match.number(CKA_CLASS, object_class);
  if (!id.empty()) match.bytes(CKA_ID, id);
  return match;
}

// A key object without a usable value is not the wanted one; a failed call is an error.
template <typename Read>
auto read_if_usable(const Read& read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const Error& error) {
    if (error.code() != Errc::token_failed || !error.call().empty()) throw;
    return std::nullopt;
  }
}

void add_public_keys(std::vector<PublicKeyObject>& found, const Session& session,
                     const std::vector<ObjectHandle>& handles, const crypto::PublicKey& wanted,
                     const std::string& token) {
  for (const ObjectHandle handle : handles) {
    auto object = read_if_usable([&] { return read_public_key(session, handle, token); });
    if (object && object->key && same_value(*object->key, wanted)) found.push_back(std::move(*object));
  }
}

// What was found by an ID and tells another one must not be given a certificate, or an ID, in its place.
void require_same_id(const PrivateKey& key, const Bytes& asked) {
  if (asked.empty() || key.id == asked) return;
  throw Error(Errc::token_failed,
              fmt::format("the token finds a private key under the ID {} and says that its CKA_ID is {}", to_hex(asked),
                          key.id.empty() ? "none" : to_hex(key.id)),
              "", call_text("C_GetAttributeValue", CKR_OK));
}

bool certifies(ByteView certificate, const crypto::PublicKey& wanted) {
  try {
    return same_value(crypto::PublicKey::from_certificate(certificate), wanted);
  } catch (const Error&) {  // an attribute certificate, or one with a kind of key that p11csr does not know
    return false;
  }
}

// The CKA_ID of each public key and each certificate.
std::vector<Bytes> ids_of_public_parts(const Session& session) {
  std::vector<Bytes> ids;
  for (const CK_OBJECT_CLASS object_class : {CKO_PUBLIC_KEY, CKO_CERTIFICATE}) {
    AttributeList match = class_and_id(object_class, {});
    for (const ObjectHandle handle : session.find(match))
      ids.push_back(read_attributes(session, handle, {CKA_ID}).bytes(CKA_ID));
  }
  return ids;
}

}  // namespace

bool same_value(const crypto::PublicKey& a, const crypto::PublicKey& b) {
  if (a == b) return true;
  if (!is_rsa(a) || !is_rsa(b)) return false;
  const ByteView numbers_of_a = crypto::split_spki(a.spki()).key;
  const ByteView numbers_of_b = crypto::split_spki(b.spki()).key;
  return std::equal(numbers_of_a.begin(), numbers_of_a.end(), numbers_of_b.begin(), numbers_of_b.end());
}

bool may_be_private_half_of(const PrivateKey& key, const crypto::PublicKey& wanted) {
  if (key.public_part) return same_value(*key.public_part, wanted);
  return !key.type || fits_type(wanted.kind(), *key.type);
}

std::vector<PublicKeyObject> public_keys_of_value(const Session& session, const crypto::PublicKey& wanted,
                                                  const std::string& token) {
  std::vector<PublicKeyObject> found;
  for (AttributeList& match : value_templates(wanted)) {
    add_public_keys(found, session, find_if_it_may(session, match), wanted, token);
    if (!found.empty()) return found;
  }
  AttributeList any = class_and_id(CKO_PUBLIC_KEY, {});
  add_public_keys(found, session, session.find(any), wanted, token);
  return found;
}

std::vector<StoredCertificate> certificates_of_value(const Session& session, const crypto::PublicKey& wanted,
                                                     const std::vector<Bytes>& ids, const std::string& token) {
  std::vector<StoredCertificate> found;
  const std::vector<Bytes> all{Bytes{}};
  for (const Bytes& id : ids.empty() ? all : ids) {
    AttributeList match = class_and_id(CKO_CERTIFICATE, id);
    for (StoredCertificate& certificate : find_certificates(session, match, token))
      if (certifies(certificate.value, wanted)) found.push_back(std::move(certificate));
  }
  return found;
}

std::vector<PrivateKey> private_keys_like(const Session& session, const crypto::PublicKey& wanted, const Bytes& id,
                                          const std::string& token) {
  std::vector<PrivateKey> found;
  AttributeList match = class_and_id(CKO_PRIVATE_KEY, id);
  for (const ObjectHandle handle : session.find(match)) {
    auto key = read_if_usable([&] { return read_private_key(session, handle, token); });
    if (key) require_same_id(*key, id);
    if (key && key->unusable_because.empty() && may_be_private_half_of(*key, wanted)) found.push_back(std::move(*key));
  }
  return found;
}

std::vector<PrivateKey> private_keys_of_value(const Session& session, const crypto::PublicKey& wanted,
                                              const std::string& token) {
  std::vector<PrivateKey> found;
  std::vector<Bytes> asked;
  for (const PublicKeyObject& half : public_keys_of_value(session, wanted, token)) {
    if (half.id.empty() || std::find(asked.begin(), asked.end(), half.id) != asked.end()) continue;
    asked.push_back(half.id);
    for (PrivateKey& key : private_keys_like(session, wanted, half.id, token)) found.push_back(std::move(key));
  }
  if (found.empty()) found = private_keys_like(session, wanted, {}, token);
  const auto says_so = [](const PrivateKey& key) { return key.public_part.has_value(); };
  if (std::any_of(found.begin(), found.end(), says_so))
    found.erase(std::remove_if(found.begin(), found.end(), std::not_fn(says_so)), found.end());
  if (!asked.empty() || found.empty() || says_so(found.front())) return found;
  leave_out_paired(session, found);
  return found;
}

void leave_out_paired(const Session& session, std::vector<PrivateKey>& keys) {
  const auto ids = ids_of_public_parts(session);
  const auto is_paired = [&ids](const PrivateKey& key) {
    return !key.id.empty() && std::find(ids.begin(), ids.end(), key.id) != ids.end();
  };
  keys.erase(std::remove_if(keys.begin(), keys.end(), is_paired), keys.end());
}

}  // namespace p11csr::pkcs11
