#include "pkcs11/key_generation.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <p11csr/model/error.hpp>

#include "pkcs11/mechanisms.hpp"
#include "pkcs11/public_key_attributes.hpp"
#include "pkcs11/return_code.hpp"

namespace p11csr::pkcs11 {
namespace {

struct KindAttributes {
  AttributeList& list;
  EdwardsForm edwards;
  void operator()(const RsaKey& key) const {
    constexpr std::array<std::uint8_t, 3> f4{0x01, 0x00, 0x01};
    list.number(CKA_MODULUS_BITS, key.bits).bytes(CKA_PUBLIC_EXPONENT, f4);
  }
  void operator()(const EcKey& key) const { list.bytes(CKA_EC_PARAMS, crypto::parameters_of_curve(key.curve)); }
  void operator()(const EdwardsKey& key) const {
    list.bytes(CKA_EC_PARAMS, edwards == EdwardsForm::oid ? edwards_oid(key.curve) : edwards_name(key.curve));
  }
  void operator()(const MlDsaKey& key) const { list.number(kParameterSetAttribute, parameter_set_number(key.set)); }
};

struct Templates {
  AttributeList public_key;
  AttributeList private_key;
};

Templates minimal_templates(const NewKey& key, EdwardsForm edwards) {
  Templates templates;
  std::visit(KindAttributes{templates.public_key, edwards}, key.kind);
  for (AttributeList* list : {&templates.public_key, &templates.private_key})
    list->flag(CKA_TOKEN, !key.session_object).text(CKA_LABEL, key.label).bytes(CKA_ID, key.id);
  return templates;
}

Templates templates_of(const NewKey& key, TemplateForm form, EdwardsForm edwards) {
  Templates templates = minimal_templates(key, edwards);
  if (form == TemplateForm::minimal) return templates;
  templates.public_key.flag(CKA_PRIVATE, false).flag(CKA_VERIFY, true);
  templates.private_key.flag(CKA_PRIVATE, true)
      .flag(CKA_SENSITIVE, true)
      .flag(CKA_EXTRACTABLE, false)
      .flag(CKA_SIGN, true);
  if (form == TemplateForm::guarded) return templates;
  templates.public_key.flag(CKA_ENCRYPT, false).flag(CKA_WRAP, false);
  templates.private_key.flag(CKA_DECRYPT, false).flag(CKA_UNWRAP, false);
  return templates;
}

constexpr const char* kTryOfficer = "--so-pin-source prompt (the SO PIN; a PIV card's management key)";

bool refuses_template(CK_RV result) { return refuses_attributes(result) || result == CKR_ATTRIBUTE_READ_ONLY; }

/// Leftovers are objects that could not be removed, by their classes, and what the first refusal was.
struct Leftovers {
  std::vector<ObjectClass> classes;
  CK_RV refusal = CKR_OK;
};

// A failed call may have left halves all the same. What had the ID before is known, so another key that has it now is
// this run's, whatever label the token gave it; certificates and secret keys that share it are others'.
Leftovers remove_what_can_be(const Session& session, const NewKey& key, const FreeName& name) {
  Leftovers left;
  for (const ObjectClass object_class : {ObjectClass::private_key, ObjectClass::public_key}) {
    AttributeList match;
    match.number(CKA_CLASS, object_class == ObjectClass::private_key ? CKO_PRIVATE_KEY : CKO_PUBLIC_KEY)
        .bytes(CKA_ID, key.id);
    for (const ObjectHandle object : session.find(match)) {
      if (std::find(name.others.begin(), name.others.end(), object) != name.others.end()) continue;
      const CK_RV result = session.destroy(object);
      if (result == CKR_OK) continue;
      left.classes.push_back(object_class);
      if (left.refusal == CKR_OK) left.refusal = result;
    }
  }
  return left;
}

void remove_leftovers(const Session& session, const NewKey& key, const FreeName& name) {
  check(remove_what_can_be(session, key, name).refusal, "C_DestroyObject");
}

// The end of a sentence about a generation that failed: empty when nothing is left of it.
std::string what_is_left(const Session& session, const NewKey& key, const FreeName& name, const std::string& token) {
  std::vector<ObjectClass> classes;
  try {
    classes = remove_what_can_be(session, key, name).classes;
  } catch (const Error&) {  // what failed before is the error to tell
    classes = {ObjectClass::private_key, ObjectClass::public_key};
  }
  std::vector<std::string> uris;
  uris.reserve(classes.size());
  for (const ObjectClass each : classes) uris.push_back(object_uri(token, key.id, key.label, each));
  if (uris.empty()) return "";
  return fmt::format("; a part of the key pair may be left on the token, look for {}", fmt::join(uris, " and "));
}

// Some cards make keys only for the security officer, most tokens only for their user.
Error refused_to(PinOwner generator, const Error& plain, const NewKey& key) {
  if (generator == PinOwner::security_officer)
    return {
        plain.code(),
        fmt::format("the token did not generate {} for the security officer: {}", display_name(key.kind), plain.what()),
        "it may want its user for that: leave --so-pin-source away", plain.call()};
  return {Errc::pin_missing,
          fmt::format("the token does not generate {} for its user: {}", display_name(key.kind), plain.what()),
          fmt::format("it may want its security officer for that: {}", kTryOfficer), plain.call()};
}

Error generation_failure(CK_RV result, const NewKey& key, PinOwner generator) {
  Error plain = failure(result, "C_GenerateKeyPair");
  if (refuses_login(result)) return refused_to(generator, plain, key);
  if (plain.code() != Errc::token_failed && plain.code() != Errc::mechanism_unsupported) return plain;
  std::string hint = "p11csr token info shows what the token can do";
  if (result == CKR_FUNCTION_FAILED && generator == PinOwner::user)
    hint += fmt::format("; if it generates only for its security officer: {}", kTryOfficer);
  return {plain.code(), fmt::format("the token did not generate {}: {}", display_name(key.kind), plain.what()), hint,
          plain.call()};
}

// Asks with the full template and, where the token refuses attributes, once more with the minimal one. A code that does
// not name attributes gets the guarded template in between: it is what tpm2-pkcs11 answers to being told what a key is
// not for, and its keys are not CKA_SENSITIVE unasked.
CK_RV ask_in_each_form(const Session& session, const NewKey& key, const FreeName& name, EdwardsForm edwards,
                       Session::NewKeys& keys) {
  const auto ask_again = [&](TemplateForm form) {
    remove_leftovers(session, key, name);
    return ask_for_pair(session, key, form, keys, edwards);
  };
  CK_RV result = ask_for_pair(session, key, TemplateForm::full, keys, edwards);
  if (result == CKR_GENERAL_ERROR) result = ask_again(TemplateForm::guarded);
  return refuses_template(result) ? ask_again(TemplateForm::minimal) : result;
}

bool refuses_curve(CK_RV result) {
  return result == CKR_DOMAIN_PARAMS_INVALID || result == CKR_CURVE_NOT_SUPPORTED ||
         result == CKR_ATTRIBUTE_VALUE_INVALID;
}

CK_RV ask_until_accepted(const Session& session, const NewKey& key, const FreeName& name, Session::NewKeys& keys) {
  const CK_RV result = ask_in_each_form(session, key, name, EdwardsForm::curve_name, keys);
  if (!std::holds_alternative<EdwardsKey>(key.kind) || !refuses_curve(result)) return result;
  remove_leftovers(session, key, name);
  return ask_in_each_form(session, key, name, EdwardsForm::oid, keys);
}

}  // namespace

CK_RV ask_for_pair(const Session& session, const NewKey& key, TemplateForm form, Session::NewKeys& keys,
                   EdwardsForm edwards) {
  Templates templates = templates_of(key, form, edwards);
  return session.generate_key_pair(generation_mechanism(key.kind), templates.public_key, templates.private_key, keys);
}

GeneratedPair generate(const Session& session, const NewKey& key, const FreeName& name, const std::string& token,
                       PinOwner generator) {
  Session::NewKeys keys{};
  try {
    const CK_RV result = ask_until_accepted(session, key, name, keys);
    if (result != CKR_OK) throw generation_failure(result, key, generator);
  } catch (const Error& error) {
    throw Error(error.code(), error.what() + what_is_left(session, key, name, token), error.hint(), error.call());
  }
  return {session, keys, token, key, name.others};
}

std::vector<ObjectHandle> GeneratedPair::with_new_id(CK_OBJECT_CLASS object_class) const {
  AttributeList match;
  match.number(CKA_CLASS, object_class).bytes(CKA_ID, wanted_.id);
  return session_.find(match);
}

void GeneratedPair::find_again() {
  const auto publics = with_new_id(CKO_PUBLIC_KEY);
  if (publics.size() == 1) keys_.public_key = publics.front();
  const auto privates = with_new_id(CKO_PRIVATE_KEY);
  if (privates.size() == 1) {
    keys_.private_key = privates.front();
    return;
  }
  const std::string id = to_hex(wanted_.id);
  if (privates.empty())
    throw Error(Errc::token_failed,
                fmt::format("the token does not show the private key that it generated, with the ID {}", id));
  throw Error(
      Errc::key_ambiguous,
      fmt::format("{} private keys have the ID {} after the generation, and which is the new one cannot be told",
                  privates.size(), id),
      "p11csr key list shows them");
}

// A handle that C_GenerateKeyPair gave may be nobody's, the other half's, or that of another key, which must stay.
// Where nothing has the new ID the token chose one of its own, and its handle is all that there is to go by.
ObjectHandle GeneratedPair::made_object(CK_OBJECT_CLASS object_class, ObjectHandle told) const {
  auto found = with_new_id(object_class);
  if (found.empty() || std::find(found.begin(), found.end(), told) != found.end()) return told;
  const auto was_there = [this](ObjectHandle each) {
    return std::find(before_.begin(), before_.end(), each) != before_.end();
  };
  found.erase(std::remove_if(found.begin(), found.end(), was_there), found.end());
  return found.size() == 1 ? found.front() : ObjectHandle{CK_INVALID_HANDLE};
}

// An interruption stops one call and is not told again: the object still has to go.
CK_RV GeneratedPair::destroy_surely(CK_OBJECT_CLASS object_class, ObjectHandle told) const noexcept {
  constexpr int attempts = 2;
  ObjectHandle object = told;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    try {
      object = made_object(object_class, told);
      break;
    } catch (const Error&) {  // a token that cannot search may destroy all the same
    }
  }
  for (int attempt = 0; attempt < attempts; ++attempt) {
    try {
      return session_.destroy(object);
    } catch (const Error&) {
    }
  }
  return CKR_GENERAL_ERROR;
}

std::string GeneratedPair::discard() const noexcept {
  std::string left;
  const auto destroy = [&](CK_OBJECT_CLASS object_class, ObjectHandle object, ObjectClass name) {
    if (destroy_surely(object_class, object) == CKR_OK) return;
    left += left.empty() ? "" : " and ";
    left += object_uri(token_, wanted_.id, wanted_.label, name);
  };
  destroy(CKO_PRIVATE_KEY, keys_.private_key, ObjectClass::private_key);
  destroy(CKO_PUBLIC_KEY, keys_.public_key, ObjectClass::public_key);
  if (left.empty()) return "the new key pair was destroyed";
  return "left on the token: " + left;
}

}  // namespace p11csr::pkcs11
