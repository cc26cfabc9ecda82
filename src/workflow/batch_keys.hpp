#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <p11csr/batch/ledger.hpp>

#include "workflow/new_key.hpp"
#include "workflow/signing_key.hpp"

namespace p11csr::workflow {

/// KeyObject is what tells a key on a token from others.
struct KeyObject {
  std::string label;
  Bytes id;
  std::string uri;
  bool is_private = false;
};

/// for_each_key shows all keys, read with one call for each in place of searches, which cost a token with many keys
/// more.
void for_each_key(const pkcs11::Session& session, const std::string& token,
                  const std::function<void(const KeyObject&)>& use);

/// PlannedKeys tells what is on a token of the keys that a ledger has planned.
class PlannedKeys {
 public:
  /// PlannedKeys looks at the token once. Throws Error(key_exists) with the URIs of keys that are not the ledger's and
  /// have the label or the ID of a row that is still to get its key.
  PlannedKeys(const Bench& bench, const batch::Ledger& ledger);

  /// is_there is true where an earlier run made (or began to make) the row's key.
  [[nodiscard]] bool is_there(std::int64_t row) const { return there_.count(row) != 0; }

 private:
  std::unordered_set<std::int64_t> there_;
};

/// KnownKey is an existing key that rows name, and the SHA-256 of its SubjectPublicKeyInfo in hexadecimal.
struct KnownKey {
  SigningKey key;
  std::string spki_sha256;
};

/// KnownKeys are the existing keys that rows name, read all at once.
class KnownKeys {
 public:
  /// read reads every key of the token that can sign and passes the gate. Keys that need a closer look (several of one
  /// label, several public halves) are left out.
  [[nodiscard]] static KnownKeys read(const Bench& bench, bool allow_extractable);

  /// find gives the one key that a selector means, where that is plain: a label or id:HEX. Empty where make_request has
  /// to look.
  [[nodiscard]] const KnownKey* find(const std::string& selector) const;

 private:
  std::vector<KnownKey> keys_;
  std::map<std::string, std::size_t> by_selector_;  // indices, or that the key needs a look
};

}  // namespace p11csr::workflow
