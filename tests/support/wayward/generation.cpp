#include <algorithm>
#include <iostream>
#include <span>

#include "behaviour.hpp"

namespace wayward {
namespace {

using Template = std::vector<CK_ATTRIBUTE>;

bool names(const Template& attributes, CK_ATTRIBUTE_TYPE type) {
  return std::any_of(attributes.begin(), attributes.end(), [&](const CK_ATTRIBUTE& each) { return each.type == type; });
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
  Call call{session, mechanism,
            with_orders(orders, std::span<const CK_ATTRIBUTE>(public_attributes, public_count), CKO_PUBLIC_KEY),
            with_orders(orders, std::span<const CK_ATTRIBUTE>(private_attributes, private_count), CKO_PRIVATE_KEY)};
  for (const RefusedAttribute& each : orders.refused_attributes) {
    if (!names(call.public_attributes, each.type) && !names(call.private_attributes, each.type)) continue;
    if (orders.leave_orphan) leave_public_half(state, call);
    return each.value;
  }
  return call.forward(state.backend(), public_key, private_key);
}

}  // namespace wayward
