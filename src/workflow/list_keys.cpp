#include <algorithm>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/keys.hpp>

#include "pkcs11/keys.hpp"
#include "workflow/open_token.hpp"

namespace p11csr::workflow {
namespace {

void describe_public(ListedKey& listed, const crypto::PublicKey& key) {
  listed.algorithm = display_name(key.kind());
  listed.spki_sha256 = key.spki_sha256();
}

ListedKey from_public(const pkcs11::PublicKeyObject& object) {
  ListedKey listed{};
  listed.uri = object.uri;
  listed.label = object.label;
  listed.id = to_hex(object.id);
  listed.public_seen = true;
  if (object.key)
    describe_public(listed, *object.key);
  else if (!object.unusable_because.empty())
    listed.problem = object.unusable_because;
  else
    listed.problem = "of a kind that p11csr does not know";
  return listed;
}

struct PublicKeys {
  std::vector<pkcs11::PublicKeyObject> objects;
  std::vector<bool> paired;
  std::vector<ListedKey> unreadable;
};

PublicKeys read_public_keys(const pkcs11::Session& session, const std::string& token) {
  PublicKeys keys;
  for (const auto handle : session.find_all(CKO_PUBLIC_KEY)) {
    try {
      keys.objects.push_back(pkcs11::read_public_key(session, handle, token));
    } catch (const Error& error) {
      if (error.code() != Errc::token_failed || !error.call().empty()) throw;
      ListedKey listed{};
      listed.public_seen = true;
      listed.problem = error.what();
      keys.unreadable.push_back(std::move(listed));
    }
  }
  keys.paired.resize(keys.objects.size());
  return keys;
}

// Which public key belongs to an EC key is not told here where several have its ID: only a signature could.
ListedKey from_private(const pkcs11::PrivateKey& key, PublicKeys& publics) {
  ListedKey listed{};
  listed.uri = key.uri;
  listed.label = key.label;
  listed.id = to_hex(key.id);
  listed.private_seen = true;
  std::vector<std::size_t> halves;
  for (std::size_t i = 0; i < publics.objects.size(); ++i) {
    const auto& object = publics.objects[i];
    const bool by_value = key.public_part && object.key && *object.key == *key.public_part;
    if (by_value || (!key.public_part && object.id == key.id)) halves.push_back(i);
  }
  for (const std::size_t half : halves) publics.paired[half] = true;
  listed.public_seen = !halves.empty();
  if (key.public_part)
    describe_public(listed, *key.public_part);
  else if (halves.size() == 1 && publics.objects[halves.front()].key)
    describe_public(listed, *publics.objects[halves.front()].key);
  if (halves.empty()) listed.problem = "the public half is missing";
  if (halves.size() > 1) listed.problem = fmt::format("{} public keys have its ID", halves.size());
  if (!key.unusable_because.empty()) listed.problem = key.unusable_because;
  return listed;
}

}  // namespace

KeyListing list_keys(const TokenChoice& choice, const PinChoice& pin, bool log_in_first,
                     const Surroundings& surroundings) {
  OpenToken open = open_token(choice, nullptr, surroundings);
  const auto session = pkcs11::Session::open(open.token.module, open.token.slot, pkcs11::Access::read_only);
  KeyListing listing{open.token.info, log_in_first, {}};
  std::optional<pkcs11::Login> login;
  if (log_in_first) login = log_in(session, open, pin, surroundings);
  const std::string& token = open.token.info.uri;
  PublicKeys publics = read_public_keys(session, token);
  for (const auto handle : session.find_all(CKO_PRIVATE_KEY))
    listing.keys.push_back(from_private(pkcs11::read_private_key(session, handle, token), publics));
  for (std::size_t i = 0; i < publics.objects.size(); ++i)
    if (!publics.paired[i]) listing.keys.push_back(from_public(publics.objects[i]));
  std::move(publics.unreadable.begin(), publics.unreadable.end(), std::back_inserter(listing.keys));
  return listing;
}

}  // namespace p11csr::workflow
