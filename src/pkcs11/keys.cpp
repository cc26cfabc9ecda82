#include "pkcs11/keys.hpp"

#include <algorithm>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "pkcs11/public_key_attributes.hpp"

namespace p11csr::pkcs11 {
namespace {

constexpr std::size_t kMostCandidates = 20;

std::vector<CK_ATTRIBUTE_TYPE> with_public_part(std::vector<CK_ATTRIBUTE_TYPE> types) {
  const auto& more = public_key_attribute_types();
  types.insert(types.end(), more.begin(), more.end());
  return types;
}

struct Value {
  std::optional<crypto::PublicKey> key;
  std::string unusable_because;
};

template <typename Read>
Value value_of(const Read& read, const AttributeValues& values) {
  try {
    return {read(values), ""};
  } catch (const Error& error) {
    return {std::nullopt, error.what()};
  }
}

Error unusable_value(const std::string& reason, const std::string& uri) {
  return Error(Errc::token_failed, reason, "p11csr key show lists what the token says of the key")
      .with_candidates({uri});
}

std::vector<std::string> private_key_uris(const Session& session, const std::vector<ObjectHandle>& handles,
                                          const std::string& token) {
  std::vector<std::string> uris;
  for (std::size_t i = 0; i < std::min(handles.size(), kMostCandidates); ++i) {
    const auto values = read_attributes(session, handles[i], {CKA_ID, CKA_LABEL});
    uris.push_back(object_uri(token, values.bytes(CKA_ID), values.text(CKA_LABEL), ObjectClass::private_key));
  }
  if (handles.size() > kMostCandidates) uris.push_back(fmt::format("and {} more", handles.size() - kMostCandidates));
  return uris;
}

bool may_be_half_of(const PrivateKey& key, const crypto::PublicKey& half) {
  if (key.kind && *key.kind != half.kind()) return false;
  return !key.type || fits_type(half.kind(), *key.type);
}

void add_distinct(std::vector<crypto::PublicKey>& halves, crypto::PublicKey half) {
  if (std::find(halves.begin(), halves.end(), half) == halves.end()) halves.push_back(std::move(half));
}

struct PublicKeyHalves {
  std::vector<crypto::PublicKey> halves;
  std::optional<Error> unusable;  // why one of the public keys gives none
};

PublicKeyHalves halves_from_public_keys(const Session& session, const PrivateKey& key, const std::string& token) {
  AttributeList match;
  match.number(CKA_CLASS, CKO_PUBLIC_KEY).bytes(CKA_ID, key.id);
  PublicKeyHalves found;
  for (const ObjectHandle handle : session.find(match)) {
    try {
      auto object = read_public_key(session, handle, token);
      if (!object.unusable_because.empty()) found.unusable = unusable_value(object.unusable_because, object.uri);
      if (object.key && may_be_half_of(key, *object.key)) add_distinct(found.halves, std::move(*object.key));
    } catch (const Error& error) {
      found.unusable = error;
    }
  }
  return found;
}

}  // namespace

PrivateKey read_private_key(const Session& session, ObjectHandle handle, const std::string& token) {
  const auto values =
      read_attributes(session, handle,
                      with_public_part({CKA_KEY_TYPE, CKA_LABEL, CKA_ID, CKA_TOKEN, CKA_PRIVATE, CKA_SENSITIVE,
                                        CKA_ALWAYS_SENSITIVE, CKA_EXTRACTABLE, CKA_NEVER_EXTRACTABLE, CKA_LOCAL,
                                        CKA_SIGN, CKA_KEY_GEN_MECHANISM, CKA_ALWAYS_AUTHENTICATE}));
  PrivateKey key{};
  key.handle = handle;
  key.label = values.text(CKA_LABEL);
  key.id = values.bytes(CKA_ID);
  key.uri = object_uri(token, key.id, key.label, ObjectClass::private_key);
  key.type = values.number(CKA_KEY_TYPE);
  if (key.type == kMlDsaKeyType)
    key.kind = parameter_set_kind(read_attributes(session, handle, {kParameterSetAttribute}));
  else if (key.type != CKK_RSA)
    key.kind = curve_kind(values);
  key.origin.token = values.flag(CKA_TOKEN);
  key.origin.private_object = values.flag(CKA_PRIVATE);
  key.origin.sensitive = values.flag(CKA_SENSITIVE);
  key.origin.always_sensitive = values.flag(CKA_ALWAYS_SENSITIVE);
  key.origin.extractable = values.flag(CKA_EXTRACTABLE);
  key.origin.never_extractable = values.flag(CKA_NEVER_EXTRACTABLE);
  key.origin.local = values.flag(CKA_LOCAL);
  key.origin.sign = values.flag(CKA_SIGN);
  key.origin.mechanism = values.number(CKA_KEY_GEN_MECHANISM);
  key.always_authenticate = values.flag(CKA_ALWAYS_AUTHENTICATE).value_or(false);
  Value value = value_of(public_key_of, values);
  key.public_part = std::move(value.key);
  key.unusable_because = std::move(value.unusable_because);
  return key;
}

PublicKeyObject read_public_key(const Session& session, ObjectHandle handle, const std::string& token) {
  const auto values = read_attributes(session, handle, with_public_part({CKA_KEY_TYPE, CKA_LABEL, CKA_ID}));
  PublicKeyObject key{};
  key.handle = handle;
  key.label = values.text(CKA_LABEL);
  key.id = values.bytes(CKA_ID);
  key.uri = object_uri(token, key.id, key.label, ObjectClass::public_key);
  Value value = value_of(public_key_of, values);
  if (values.number(CKA_KEY_TYPE) == kMlDsaKeyType && !value.key && value.unusable_because.empty())
    value = value_of(ml_dsa_key_of, read_attributes(session, handle, ml_dsa_attribute_types()));
  key.key = std::move(value.key);
  key.unusable_because = std::move(value.unusable_because);
  return key;
}

bool fits_type(const KeySpec& kind, CK_KEY_TYPE type) {
  if (std::holds_alternative<RsaKey>(kind)) return type == CKK_RSA;
  if (std::holds_alternative<MlDsaKey>(kind)) return type == kMlDsaKeyType;
  if (std::holds_alternative<EcKey>(kind)) return type != CKK_RSA && type != kMlDsaKeyType && type != CKK_EC_EDWARDS;
  return type != CKK_RSA && type != kMlDsaKeyType;
}

PrivateKey find_private_key(const Session& session, const ObjectSelector& selector, const std::string& token) {
  AttributeList match = selector.match(CKO_PRIVATE_KEY);
  const auto found = session.find(match);
  if (found.size() == 1) return read_private_key(session, found.front(), token);
  if (found.empty()) {
    const auto there = session.find_all(CKO_PRIVATE_KEY);
    throw Error(Errc::key_not_found, fmt::format("no private key on the token has {}", selector.description()),
                there.empty() ? "the token has no private key that this login can see"
                              : "choose one of the private keys above with --key")
        .with_candidates(private_key_uris(session, there, token));
  }
  throw Error(Errc::key_ambiguous,
              fmt::format("{} private keys on the token have {}", found.size(), selector.description()),
              "choose one with --key and a URI that leaves only it (above), or give the keys different labels or IDs")
      .with_candidates(private_key_uris(session, found, token));
}

std::vector<crypto::PublicKey> certified_halves(const Session& session, const PrivateKey& key) {
  AttributeList match;
  match.number(CKA_CLASS, CKO_CERTIFICATE).bytes(CKA_ID, key.id);
  std::vector<crypto::PublicKey> halves;
  for (const ObjectHandle handle : session.find(match)) {
    const auto values = read_attributes(session, handle, {CKA_VALUE});
    try {
      auto half = crypto::PublicKey::from_certificate(values.bytes(CKA_VALUE));
      if (may_be_half_of(key, half)) add_distinct(halves, std::move(half));
    } catch (const Error&) {  // an attribute certificate, or one with a kind of key that p11csr does not know
    }
  }
  return halves;
}

std::vector<crypto::PublicKey> public_halves(const Session& session, const PrivateKey& key, const std::string& token) {
  if (!key.unusable_because.empty()) throw unusable_value(key.unusable_because, key.uri);
  if (key.public_part) return {*key.public_part};
  auto [halves, unusable] = halves_from_public_keys(session, key, token);
  if (halves.empty()) halves = certified_halves(session, key);
  if (halves.empty() && unusable) throw Error(*unusable);
  if (halves.empty())
    throw Error(Errc::key_not_found,
                fmt::format("the public half of the key is missing: the token has no public key and no certificate "
                            "with the ID {}",
                            key.id.empty() ? "(none)" : to_hex(key.id)),
                "write the key's public key or its certificate to the token with the same CKA_ID")
        .with_candidates({key.uri});
  return halves;
}

std::vector<std::string> keys_among(const Session& session, const std::vector<ObjectHandle>& objects,
                                    const std::string& token) {
  std::vector<std::string> uris;
  for (const ObjectHandle handle : objects) {
    const auto values = read_attributes(session, handle, {CKA_CLASS, CKA_ID, CKA_LABEL});
    const auto object_class = values.number(CKA_CLASS);
    const bool is_private = object_class == CKO_PRIVATE_KEY;
    const bool is_public = object_class == CKO_PUBLIC_KEY;
    if (!is_private && !is_public) continue;
    uris.push_back(object_uri(token, values.bytes(CKA_ID), values.text(CKA_LABEL),
                              is_private ? ObjectClass::private_key : ObjectClass::public_key));
  }
  return uris;
}

std::vector<std::string> keys_with(const Session& session, AttributeList& match, const std::string& token) {
  return keys_among(session, session.find(match), token);
}

}  // namespace p11csr::pkcs11
