#pragma once

#include <optional>
#include <string>
#include <vector>

#include <p11csr/crypto/public_key.hpp>
#include <p11csr/pkcs11/key_origin.hpp>

#include "pkcs11/object_selector.hpp"
#include "pkcs11/session.hpp"

namespace p11csr::pkcs11 {

/// PrivateKey is a private key object as it was read, once. One with a value that is none can still be named, shown and
/// deleted: unusable_because then says why.
struct PrivateKey {
  ObjectHandle handle;
  std::string label;
  Bytes id;
  std::string uri;  // RFC 7512, with the token's attributes
  std::optional<CK_KEY_TYPE> type;
  std::optional<KeySpec> kind;  // as its CKA_EC_PARAMS or CKA_PARAMETER_SET name it
  KeyOrigin origin;
  bool always_authenticate = false;
  std::optional<crypto::PublicKey> public_part;  // where the private object itself says it
  std::string unusable_because;
};

/// PublicKeyObject is a public key object as it was read; key is absent where its attributes do not suffice, and where
/// they make no key, as unusable_because then says.
struct PublicKeyObject {
  ObjectHandle handle;
  std::string label;
  Bytes id;
  std::string uri;
  std::optional<crypto::PublicKey> key;
  std::string unusable_because;
};

/// read_private_key and read_public_key read an object with one call, an ML-DSA key with two. `token` is the token's
/// URI. Throw Error.
[[nodiscard]] PrivateKey read_private_key(const Session& session, ObjectHandle handle, const std::string& token);
[[nodiscard]] PublicKeyObject read_public_key(const Session& session, ObjectHandle handle, const std::string& token);

/// fits_type tells whether keys of this kind have this CKA_KEY_TYPE. Some tokens call an Edwards key CKK_EC.
[[nodiscard]] bool fits_type(const KeySpec& kind, CK_KEY_TYPE type);

/// find_private_key gives the one private key that is meant. Throws Error(key_not_found) or Error(key_ambiguous) with
/// the candidates' URIs.
[[nodiscard]] PrivateKey find_private_key(const Session& session, const ObjectSelector& selector,
                                          const std::string& token);

/// public_halves gives what can be the public half of a private key: its own attributes; else the public key objects of
/// its CKA_ID; else the certificates of it. What the private key's type or curve contradicts is none. Each value once,
/// never chosen by label. More than one means that only a signature can tell. Throws Error(key_not_found) saying that
/// the public half is missing where there is none, and Error(token_failed) without a call where what is there is
/// unusable.
[[nodiscard]] std::vector<crypto::PublicKey> public_halves(const Session& session, const PrivateKey& key,
                                                           const std::string& token);

/// certified_halves gives those of the certificates of its CKA_ID alone.
[[nodiscard]] std::vector<crypto::PublicKey> certified_halves(const Session& session, const PrivateKey& key);

/// keys_among gives the URIs of those objects that are keys, private or public; certificates do not count.
[[nodiscard]] std::vector<std::string> keys_among(const Session& session, const std::vector<ObjectHandle>& objects,
                                                  const std::string& token);
/// keys_with gives those of the objects that match.
[[nodiscard]] std::vector<std::string> keys_with(const Session& session, AttributeList& match,
                                                 const std::string& token);

}  // namespace p11csr::pkcs11
