#pragma once

#include <string>
#include <vector>

#include <p11csr/model/bytes.hpp>

#include "pkcs11/session.hpp"
#include "pkcs11/uri_text.hpp"

namespace p11csr::pkcs11 {

/// Occupant is a key or a certificate that has a CKA_ID.
struct Occupant {
  ObjectHandle handle;
  ObjectClass object_class;
  std::string uri;
};

/// occupants gives all that has a CKA_ID: private keys, public keys, certificates.
[[nodiscard]] std::vector<Occupant> occupants(const Session& session, const Bytes& id, const std::string& token);

/// FreeName is the proof that no key has a new key's label or ID, or that what has the ID is to be replaced. What else
/// has them, certificates and the like, is remembered: a generation that fails removes none of it.
struct FreeName {
  std::vector<ObjectHandle> others;
  std::vector<Occupant> replaced;
};

/// require_free throws Error(key_exists) when a key with the label, or with the ID where one was asked for, is there.
[[nodiscard]] FreeName require_free(const Session& session, const std::string& label, const Bytes* id,
                                    const std::string& token);

/// require_free_slot does so for an ID that is a place on a card: everything that has the ID occupies it, and so does
/// what has its first octet as ID, since modules of cards read no more of it. Where what has the ID `may_go`, it is
/// told as replaced.
[[nodiscard]] FreeName require_free_slot(const Session& session, const std::string& label, const Bytes& id, bool may_go,
                                         const std::string& token);

}  // namespace p11csr::pkcs11
