#include "pkcs11/key_generation.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "pkcs11/mechanisms.hpp"
#include "pkcs11/return_code.hpp"

namespace p11csr::pkcs11 {
namespace {

// CKA_EC_PARAMS of Edwards keys: the curve's name as PrintableString (PKCS #11 3.0, 2.3.5).
Bytes printable_string(std::string_view text) {
  Bytes der{0x13, static_cast<std::uint8_t>(text.size())};
  der.insert(der.end(), text.begin(), text.end());
  return der;
}

struct KindAttributes {
  AttributeList& list;
  void operator()(const RsaKey& key) const {
    constexpr std::array<std::uint8_t, 3> f4{0x01, 0x00, 0x01};
    list.number(CKA_MODULUS_BITS, key.bits).bytes(CKA_PUBLIC_EXPONENT, f4);
  }
  void operator()(const EcKey& key) const { list.bytes(CKA_EC_PARAMS, crypto::parameters_of_curve(key.curve)); }
  void operator()(const EdwardsKey& key) const {
    list.bytes(CKA_EC_PARAMS, printable_string(key.curve == EdwardsCurve::ed25519 ? "edwards25519" : "edwards448"));
  }
};

struct Templates {
  AttributeList public_key;
  AttributeList private_key;
};

Templates minimal_templates(const NewKey& key) {
  Templates templates;
  std::visit(KindAttributes{templates.public_key}, key.kind);
  for (AttributeList* list : {&templates.public_key, &templates.private_key})
    list->flag(CKA_TOKEN, !key.session_object).text(CKA_LABEL, key.label).bytes(CKA_ID, key.id);
  return templates;
}

Templates full_templates(const NewKey& key) {
  Templates templates = minimal_templates(key);
  templates.public_key.flag(CKA_PRIVATE, false).flag(CKA_VERIFY, true).flag(CKA_ENCRYPT, false).flag(CKA_WRAP, false);
  templates.private_key.flag(CKA_PRIVATE, true)
      .flag(CKA_SENSITIVE, true)
      .flag(CKA_EXTRACTABLE, false)
      .flag(CKA_SIGN, true)
      .flag(CKA_DECRYPT, false)
      .flag(CKA_UNWRAP, false);
  return templates;
}

bool refuses_template(CK_RV result) { return refuses_attributes(result) || result == CKR_ATTRIBUTE_READ_ONLY; }

// A failed call may have left halves all the same. No key had the label before, so a key that has label and ID now is
// this run's; certificates and secret keys that share them are others'.
void remove_leftovers(const Session& session, const NewKey& key, const FreeName& name) {
  for (const CK_OBJECT_CLASS object_class : {CKO_PRIVATE_KEY, CKO_PUBLIC_KEY}) {
    AttributeList match;
    match.number(CKA_CLASS, object_class).bytes(CKA_ID, key.id).text(CKA_LABEL, key.label);
    for (const ObjectHandle object : session.find(match)) {
      if (std::find(name.others.begin(), name.others.end(), object) != name.others.end()) continue;
      check(session.destroy(object), "C_DestroyObject");
    }
  }
}

// The end of a sentence about a generation that failed: empty when nothing is left of it.
std::string what_is_left(const Session& session, const NewKey& key, const FreeName& name, const std::string& token) {
  try {
    remove_leftovers(session, key, name);
    return "";
  } catch (const Error&) {  // what failed before is the error to tell
    return fmt::format("; a part of the key pair may be left on the token, look for {}",
                       object_uri(token, key.id, key.label, ObjectClass::private_key));
  }
}

Error generation_failure(CK_RV result, const NewKey& key) {
  Error plain = failure(result, "C_GenerateKeyPair");
  if (plain.code() != Errc::token_failed && plain.code() != Errc::mechanism_unsupported) return plain;
  return {plain.code(), fmt::format("the token did not generate {}: {}", display_name(key.kind), plain.what()),
          "p11csr token info shows what the token can do", plain.call()};
}

// Asks with the full template and, where the token refuses attributes, once more with the minimal one.
CK_RV ask_in_both_forms(const Session& session, const NewKey& key, const FreeName& name, Session::NewKeys& keys) {
  const CK_RV result = ask_for_pair(session, key, TemplateForm::full, keys);
  if (!refuses_template(result)) return result;
  remove_leftovers(session, key, name);
  return ask_for_pair(session, key, TemplateForm::minimal, keys);
}

}  // namespace

CK_RV ask_for_pair(const Session& session, const NewKey& key, TemplateForm form, Session::NewKeys& keys) {
  Templates templates = form == TemplateForm::full ? full_templates(key) : minimal_templates(key);
  return session.generate_key_pair(generation_mechanism(key.kind), templates.public_key, templates.private_key, keys);
}

FreeName require_free(const Session& session, const std::string& label, const Bytes* id, const std::string& token) {
  const auto refuse_if_taken = [&](AttributeList match, const std::string& what) {
    auto found = session.find(match);
    auto taken = keys_among(session, found, token);
    if (!taken.empty())
      throw Error(Errc::key_exists, fmt::format("a key with {} is on the token already; nothing was generated", what),
                  "choose another --label or --id, use the key with --key, or say --if-exists reuse")
          .with_candidates(std::move(taken));
    return found;
  };
  AttributeList by_label;
  by_label.text(CKA_LABEL, label);
  FreeName name{refuse_if_taken(std::move(by_label), fmt::format("the label '{}'", label))};
  if (id == nullptr) return name;
  AttributeList by_id;
  by_id.bytes(CKA_ID, *id);
  refuse_if_taken(std::move(by_id), fmt::format("the ID {}", to_hex(*id)));
  return name;
}

GeneratedPair generate(const Session& session, const NewKey& key, const FreeName& name, const std::string& token) {
  Session::NewKeys keys{};
  try {
    const CK_RV result = ask_in_both_forms(session, key, name, keys);
    if (result != CKR_OK) throw generation_failure(result, key);
  } catch (const Error& error) {
    throw Error(error.code(), error.what() + what_is_left(session, key, name, token), error.hint(), error.call());
  }
  return {session, keys, token, key};
}

std::string GeneratedPair::discard() const noexcept {
  std::string left;
  const auto destroy = [&](ObjectHandle object, ObjectClass object_class) {
    CK_RV result = CKR_GENERAL_ERROR;
    // An interruption stops one call and is not told again: the object still has to go.
    for (int attempt = 0; attempt < 2; ++attempt) {
      try {
        result = session_.destroy(object);
        break;
      } catch (const Error&) {
      }
    }
    if (result == CKR_OK) return;
    left += left.empty() ? "" : " and ";
    left += object_uri(token_, wanted_.id, wanted_.label, object_class);
  };
  destroy(keys_.private_key, ObjectClass::private_key);
  destroy(keys_.public_key, ObjectClass::public_key);
  if (left.empty()) return "the new key pair was destroyed";
  return "left on the token: " + left;
}

}  // namespace p11csr::pkcs11
