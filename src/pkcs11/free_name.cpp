#include "pkcs11/free_name.hpp"

#include <algorithm>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "pkcs11/keys.hpp"

namespace p11csr::pkcs11 {
namespace {

std::string label_of(const Session& session, ObjectHandle handle) {
  return read_attributes(session, handle, {CKA_LABEL}).text(CKA_LABEL);
}

void refuse_taken(std::vector<std::string> taken, const std::string& what) {
  if (taken.empty()) return;
  throw Error(Errc::key_exists, fmt::format("a key with {} is on the token already; nothing was generated", what),
              "choose another --label or --id, use the key with --key, or say --if-exists reuse; --replace-key puts "
              "the new key of an --id in its place")
      .with_candidates(std::move(taken));
}

}  // namespace

std::vector<Occupant> occupants(const Session& session, const Bytes& id, const std::string& token) {
  std::vector<Occupant> found;
  const auto look = [&](CK_OBJECT_CLASS object_class, ObjectClass name) {
    AttributeList match;
    match.number(CKA_CLASS, object_class).bytes(CKA_ID, id);
    for (const ObjectHandle handle : session.find(match))
      found.push_back({handle, name, object_uri(token, id, label_of(session, handle), name)});
  };
  look(CKO_PRIVATE_KEY, ObjectClass::private_key);
  look(CKO_PUBLIC_KEY, ObjectClass::public_key);
  look(CKO_CERTIFICATE, ObjectClass::certificate);
  return found;
}

FreeName require_free(const Session& session, const std::string& label, const Bytes* id, const std::string& token) {
  const auto refuse_if_taken = [&](AttributeList match, const std::string& what) {
    auto found = session.find(match);
    refuse_taken(keys_among(session, found, token), what);
    return found;
  };
  AttributeList by_label;
  by_label.text(CKA_LABEL, label);
  FreeName name{refuse_if_taken(std::move(by_label), fmt::format("the label '{}'", label)), {}};
  if (id == nullptr) return name;
  AttributeList by_id;
  by_id.bytes(CKA_ID, *id);
  refuse_if_taken(std::move(by_id), fmt::format("the ID {}", to_hex(*id)));
  return name;
}

FreeName require_free_slot(const Session& session, const std::string& label, const Bytes& id, bool may_go,
                           const std::string& token) {
  const auto refuse = [&](const Bytes& taken, const std::vector<Occupant>& there, const std::string& hint) {
    std::vector<std::string> uris;
    for (const Occupant& each : there) uris.push_back(each.uri);
    throw Error(Errc::key_exists,
                fmt::format("the place with the ID {} is occupied already; nothing was generated", to_hex(taken)), hint)
        .with_candidates(std::move(uris));
  };
  FreeName name{{}, occupants(session, id, token)};
  if (!name.replaced.empty() && !may_go)
    refuse(id, name.replaced,
           "use the key with --key, choose another place, or say --replace-key: what is there is gone then");
  if (id.size() > 1) {
    const Bytes first(id.begin(), id.begin() + 1);
    if (const auto there = occupants(session, first, token); !there.empty())
      refuse(first, there, "cards read the first octet of an ID only: choose an --id of one octet");
  }
  for (const Occupant& each : name.replaced) name.others.push_back(each.handle);
  AttributeList by_label;
  by_label.text(CKA_LABEL, label);
  auto others = session.find(by_label);
  const auto goes = [&name](ObjectHandle handle) {
    return std::find(name.others.begin(), name.others.end(), handle) != name.others.end();
  };
  others.erase(std::remove_if(others.begin(), others.end(), goes), others.end());
  refuse_taken(keys_among(session, others, token), fmt::format("the label '{}'", label));
  name.others.insert(name.others.end(), others.begin(), others.end());
  return name;
}

}  // namespace p11csr::pkcs11
