#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/inspect.hpp>

#include "pkcs11/keys_by_value.hpp"
#include "workflow/open_token.hpp"

namespace p11csr::workflow {
namespace {

using pkcs11::PrivateKey;
using pkcs11::Session;

/// Search is one look for one key on one token.
struct Search {
  const Session& session;
  const crypto::PublicKey& wanted;
  const std::string& token;  // its URI
};

void add_distinct(std::vector<Bytes>& ids, const Bytes& id) {
  if (!id.empty() && std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
}

// The IDs under which the private key can be expected.
std::vector<Bytes> find_public_parts(const Search& search, KeyOnToken& found) {
  std::vector<Bytes> ids;
  for (const auto& object : pkcs11::public_keys_of_value(search.session, search.wanted, search.token)) {
    found.public_keys.push_back(object.uri);
    add_distinct(ids, object.id);
  }
  const auto certificates = pkcs11::certificates_of_value(search.session, search.wanted, ids, search.token);
  for (const auto& certificate : certificates) {
    found.certificates.push_back(certificate.uri);
    add_distinct(ids, certificate.id);
  }
  return ids;
}

void claim(KeyOnToken& found, const PrivateKey& key, const crypto::PublicKey& wanted) {
  found.private_keys.push_back({key.uri, key.origin, judge_origin(key.origin, wanted.kind(), WhoGenerated::unknown)});
}

void leave_open(KeyOnToken& found, const std::vector<PrivateKey>& keys, std::string because) {
  for (const PrivateKey& key : keys) found.unclear_keys.push_back(key.uri);
  if (found.unclear_because.empty()) found.unclear_because = std::move(because);
}

// Takes the keys whose own public part is the wanted one; gives those that do not say theirs.
std::vector<PrivateKey> claim_by_value(KeyOnToken& found, std::vector<PrivateKey> keys,
                                       const crypto::PublicKey& wanted) {
  const auto silent = std::stable_partition(keys.begin(), keys.end(),
                                            [](const PrivateKey& key) { return key.public_part.has_value(); });
  for (auto key = keys.begin(); key != silent; ++key) claim(found, *key, wanted);
  return {std::make_move_iterator(silent), std::make_move_iterator(keys.end())};
}

// A private key that does not say its public part is known by its ID, as long as nothing else has that.
void look_under(const Bytes& id, const Search& search, KeyOnToken& found) {
  const auto silent =
      claim_by_value(found, pkcs11::private_keys_like(search.session, search.wanted, id, search.token), search.wanted);
  if (silent.empty()) return;
  if (silent.size() > 1)
    return leave_open(found, silent,
                      fmt::format("{} private keys have the ID {} and do not say which public key is theirs",
                                  silent.size(), to_hex(id)));
  const auto halves = pkcs11::public_halves(search.session, silent.front(), search.token);
  const bool is_one = std::any_of(halves.begin(), halves.end(), [&search](const crypto::PublicKey& half) {
    return pkcs11::same_value(half, search.wanted);
  });
  if (is_one && halves.size() == 1) return claim(found, silent.front(), search.wanted);
  leave_open(found, silent,
             fmt::format("the ID {} is that of another public key as well: only a signature could tell which is the "
                         "private key's",
                         to_hex(id)));
}

// Keys under an ID of their own, whose public half may be missing.
void look_everywhere(const Search& search, KeyOnToken& found) {
  auto silent =
      claim_by_value(found, pkcs11::private_keys_like(search.session, search.wanted, {}, search.token), search.wanted);
  if (silent.empty()) return;
  pkcs11::leave_out_paired(search.session, silent);
  if (!silent.empty())
    leave_open(found, silent,
               fmt::format("the public half of {} on the token is missing, so that it cannot be compared",
                           silent.size() == 1 ? "a private key" : fmt::format("{} private keys", silent.size())));
}

void find_private_keys(const Search& search, const std::vector<Bytes>& ids, KeyOnToken& found) {
  for (const Bytes& id : ids) look_under(id, search, found);
  if (found.private_keys.empty() && found.unclear_keys.empty()) look_everywhere(search, found);
  std::stable_partition(found.private_keys.begin(), found.private_keys.end(),
                        [](const PrivateHalf& half) { return !half.verdict.bound(); });
}

KeyPresence presence(const KeyOnToken& found) {
  if (!found.private_keys.empty()) return KeyPresence::private_key;
  if (!found.unclear_keys.empty()) return KeyPresence::unclear;
  const bool private_keys_show = found.logged_in || !found.token.login_required;
  const bool trace = !found.public_keys.empty() || !found.certificates.empty();
  return trace && !private_keys_show ? KeyPresence::public_part : KeyPresence::absent;
}

}  // namespace

KeyOnToken find_on_token(const WhereToLook& where, const crypto::PublicKey& key, const Surroundings& surroundings) {
  OpenToken open = open_token(where.token, nullptr, surroundings);
  const auto session = Session::open(open.token.module, open.token.slot, pkcs11::Access::read_only);
  KeyOnToken found;
  found.token = open.token.info;
  std::optional<pkcs11::Login> login;
  if (where.log_in) login = log_in(session, open, where.pin, surroundings);
  found.logged_in = where.log_in;
  const Search search{session, key, open.token.info.uri};
  const auto ids = find_public_parts(search, found);
  find_private_keys(search, ids, found);
  found.presence = presence(found);
  return found;
}

Inspection inspect(ByteView input, const std::optional<WhereToLook>& where, const Surroundings& surroundings) {
  Inspection result{x509::describe(input), std::nullopt};
  if (where && result.document.key) result.on_token = find_on_token(*where, *result.document.key, surroundings);
  return result;
}

}  // namespace p11csr::workflow
