#include <algorithm>
#include <iostream>
#include <span>

#include "behaviour.hpp"

namespace wayward {
namespace {

using Template = std::vector<CK_ATTRIBUTE>;

/// is_given tells whether the caller named an attribute that is not ignored; what is forced comes from the token.
bool is_given(const Orders& orders, std::span<const CK_ATTRIBUTE> attributes, CK_ATTRIBUTE_TYPE type) {
  const auto& ignored = orders.ignored_attributes;
  if (std::find(ignored.begin(), ignored.end(), type) != ignored.end()) return false;
  return std::any_of(attributes.begin(), attributes.end(), [&](const CK_ATTRIBUTE& each) { return each.type == type; });
}

/// names_curve_by_text tells whether CKA_EC_PARAMS are a PrintableString.
bool names_curve_by_text(std::span<const CK_ATTRIBUTE> attributes) {
  constexpr CK_BYTE printable_string = 0x13;
  return std::any_of(attributes.begin(), attributes.end(), [](const CK_ATTRIBUTE& each) {
    return each.type == CKA_EC_PARAMS && each.ulValueLen > 0 &&
           *static_cast<const CK_BYTE*>(each.pValue) == printable_string;
  });
}

void drop(Template& attributes, CK_ATTRIBUTE_TYPE type) {
  std::erase_if(attributes, [&](const CK_ATTRIBUTE& each) { return each.type == type; });
}

/// with_orders is a template as the token takes it.
Template with_orders(const Orders& orders, std::span<const CK_ATTRIBUTE> given, CK_OBJECT_CLASS object_class) {
  Template attributes(given.begin(), given.end());
  for (const CK_ATTRIBUTE_TYPE type : orders.ignored_attributes) drop(attributes, type);
  for (const ForcedAttribute& forced : orders.forced_attributes) {
    if (forced.object_class != object_class) continue;
    drop(attributes, forced.type);
    // Cryptoki's templates are not const; the backend only reads this one.
    auto* octets = const_cast<CK_BYTE*>(forced.value.data());
    attributes.push_back({forced.type, octets, static_cast<CK_ULONG>(forced.value.size())});
  }
  return attributes;
}

/// fix_label does what a PIV card does: whatever label was asked for, the slot's text is the label.
void fix_label(Template& attributes, CK_OBJECT_CLASS object_class) {
  static std::string private_label = "Private key for PIV Slot";
  static std::string public_label = "Public key for PIV Slot";
  drop(attributes, CKA_LABEL);
  std::string& label = object_class == CKO_PRIVATE_KEY ? private_label : public_label;
  attributes.push_back({CKA_LABEL, label.data(), static_cast<CK_ULONG>(label.size())});
}

/// Call is C_GenerateKeyPair with templates of our own.
struct Call {
  CK_SESSION_HANDLE session;
  CK_MECHANISM* mechanism;
  Template public_attributes;
  Template private_attributes;

  CK_RV forward(CK_FUNCTION_LIST& backend, CK_OBJECT_HANDLE* public_key, CK_OBJECT_HANDLE* private_key) {
    return backend.C_GenerateKeyPair(session, mechanism, public_attributes.data(),
                                     static_cast<CK_ULONG>(public_attributes.size()), private_attributes.data(),
                                     static_cast<CK_ULONG>(private_attributes.size()), public_key, private_key);
  }
};

/// objects_of_id finds the keys and certificates that have the CKA_ID of a template.
std::vector<CK_OBJECT_HANDLE> objects_of_id(State& state, const Call& call) {
  std::vector<CK_OBJECT_HANDLE> found;
  const auto id = std::find_if(call.private_attributes.begin(), call.private_attributes.end(),
                               [](const CK_ATTRIBUTE& each) { return each.type == CKA_ID; });
  if (id == call.private_attributes.end()) return found;
  CK_FUNCTION_LIST& backend = state.backend();
  for (CK_OBJECT_CLASS object_class : {CKO_PRIVATE_KEY, CKO_PUBLIC_KEY, CKO_CERTIFICATE}) {
    Template match = {*id, {CKA_CLASS, &object_class, sizeof object_class}};
    std::vector<CK_OBJECT_HANDLE> page(64);
    CK_ULONG count = 0;
    if (backend.C_FindObjectsInit(call.session, match.data(), static_cast<CK_ULONG>(match.size())) != CKR_OK) continue;
    backend.C_FindObjects(call.session, page.data(), static_cast<CK_ULONG>(page.size()), &count);
    backend.C_FindObjectsFinal(call.session);
    found.insert(found.end(), page.begin(), page.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return found;
}

/// leave_public_half does what a token does that refuses half-way: the public key stays.
void leave_public_half(State& state, Call call) {
  for (const RefusedAttribute& each : state.orders().refused_attributes) {
    drop(call.public_attributes, each.type);
    drop(call.private_attributes, each.type);
  }
  CK_OBJECT_HANDLE public_key = 0;
  CK_OBJECT_HANDLE private_key = 0;
  CK_RV value = call.forward(state.backend(), &public_key, &private_key);
  if (value == CKR_OK) value = state.backend().C_DestroyObject(call.session, private_key);
  if (value != CKR_OK) std::cerr << "wayward: cannot leave an orphan: 0x" << std::hex << value << std::endl;
}

}  // namespace

CK_RV generate_key_pair(State& state, CK_SESSION_HANDLE session, CK_MECHANISM* mechanism,
                        CK_ATTRIBUTE* public_attributes, CK_ULONG public_count, CK_ATTRIBUTE* private_attributes,
                        CK_ULONG private_count, CK_OBJECT_HANDLE* public_key, CK_OBJECT_HANDLE* private_key) {
  if (mechanism == nullptr) return CKR_ARGUMENTS_BAD;
  const Orders& orders = state.orders();
  if (const auto refusal = mechanism_refusal(orders, mechanism->mechanism)) return *refusal;
  if (lacks_officer(state)) return CKR_USER_TYPE_INVALID;
  const std::span<const CK_ATTRIBUTE> public_given(public_attributes, public_count);
  const std::span<const CK_ATTRIBUTE> private_given(private_attributes, private_count);
  Call call{session, mechanism, with_orders(orders, public_given, CKO_PUBLIC_KEY),
            with_orders(orders, private_given, CKO_PRIVATE_KEY)};
  for (const RefusedAttribute& each : orders.refused_attributes) {
    if (!is_given(orders, public_given, each.type) && !is_given(orders, private_given, each.type)) continue;
    if (orders.leave_orphan) leave_public_half(state, call);
    return each.value;
  }
  if (orders.edwards_by_oid && names_curve_by_text(public_given)) return CKR_DOMAIN_PARAMS_INVALID;
  if (orders.piv_labels) {
    fix_label(call.public_attributes, CKO_PUBLIC_KEY);
    fix_label(call.private_attributes, CKO_PRIVATE_KEY);
  }
  const auto overwritten = orders.overwrites_id ? objects_of_id(state, call) : std::vector<CK_OBJECT_HANDLE>();
  const CK_RV value = call.forward(state.backend(), public_key, private_key);
  if (value != CKR_OK) return value;
  for (const CK_OBJECT_HANDLE each : overwritten) state.backend().C_DestroyObject(session, each);
  return CKR_OK;
}

}  // namespace wayward
