#include <algorithm>

#include "behaviour.hpp"

namespace wayward {
namespace {

template <typename List>
bool contains(const List& list, CK_MECHANISM_TYPE type) {
  return std::find(list.begin(), list.end(), type) != list.end();
}

/// answer_list is Cryptoki's way to hand out a list (PKCS #11 v2.40, 5.2).
CK_RV answer_list(const std::vector<CK_ULONG>& full, CK_ULONG* room, CK_ULONG* count) {
  const CK_ULONG available = *count;
  *count = static_cast<CK_ULONG>(full.size());
  if (room == nullptr) return CKR_OK;
  if (available < full.size()) return CKR_BUFFER_TOO_SMALL;
  std::copy(full.begin(), full.end(), room);
  return CKR_OK;
}

/// card_slot is the backend's slot that stands for the reader: the one with the card's token, else the blank one that
/// SoftHSM2 has beside its tokens.
std::vector<CK_ULONG> card_slot(CK_FUNCTION_LIST& backend) {
  CK_ULONG count = 0;
  if (backend.C_GetSlotList(CK_TRUE, nullptr, &count) != CKR_OK) return {};
  std::vector<CK_ULONG> slots(count);
  if (backend.C_GetSlotList(CK_TRUE, slots.data(), &count) != CKR_OK || slots.empty()) return {};
  const auto initialised = [&backend](CK_SLOT_ID slot) {
    CK_TOKEN_INFO info = {};
    return backend.C_GetTokenInfo(slot, &info) == CKR_OK && (info.flags & CKF_TOKEN_INITIALIZED) != 0;
  };
  const auto card = std::find_if(slots.begin(), slots.end(), initialised);
  return {card == slots.end() ? slots.front() : *card};
}

/// emulated_mechanisms are asked for only where the backend signs raw ECDSA; all of them rest on it.
constexpr CK_MECHANISM_TYPE emulation_rests_on = CKM_ECDSA;

}  // namespace

CK_RV get_slot_list(State& state, CK_BBOOL token_present, CK_SLOT_ID* slots, CK_ULONG* count) {
  const bool wants_card = token_present == CK_TRUE || state.orders().slot_goes_too;
  const bool empty = state.orders().no_slots || (wants_card && state.vanished());
  if (!empty && count != nullptr && !state.orders().reader.empty())
    return answer_list(card_slot(state.backend()), slots, count);
  if (!empty || count == nullptr) return state.backend().C_GetSlotList(token_present, slots, count);
  *count = 0;
  return CKR_OK;
}

CK_RV wait_for_slot_event(State& state, CK_FLAGS flags, CK_SLOT_ID* slot, void* reserved) {
  if (!state.orders().slot_events) return state.backend().C_WaitForSlotEvent(flags, slot, reserved);
  if ((flags & CKF_DONT_BLOCK) == 0) return CKR_FUNCTION_NOT_SUPPORTED;
  if (!state.take_slot_event()) return CKR_NO_EVENT;
  CK_ULONG count = 1;
  const CK_RV value = state.backend().C_GetSlotList(CK_FALSE, slot, &count);
  return value == CKR_BUFFER_TOO_SMALL ? CKR_OK : value;
}

CK_RV get_slot_info(State& state, CK_SLOT_ID slot, CK_SLOT_INFO* info) {
  if (state.orders().slot_goes_too && state.vanished()) return CKR_SLOT_ID_INVALID;
  const CK_RV value = state.backend().C_GetSlotInfo(slot, info);
  if (value == CKR_OK && state.vanished()) info->flags &= ~static_cast<CK_FLAGS>(CKF_TOKEN_PRESENT);
  return value;
}

CK_RV get_token_info(State& state, CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  const CK_RV value = state.backend().C_GetTokenInfo(slot, info);
  if (value != CKR_OK) return value;
  const Orders& orders = state.orders();
  if (orders.pin_pad) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  info->flags = (info->flags | orders.added_flags) & ~orders.removed_flags;
  if (orders.one_session) {
    info->ulMaxSessionCount = 1;
    info->ulMaxRwSessionCount = 1;
  }
  return CKR_OK;
}

CK_RV get_mechanism_list(State& state, CK_SLOT_ID slot, CK_MECHANISM_TYPE* mechanisms, CK_ULONG* count) {
  if (count == nullptr) return CKR_ARGUMENTS_BAD;
  CK_FUNCTION_LIST& backend = state.backend();
  CK_ULONG length = 0;
  CK_RV value = backend.C_GetMechanismList(slot, nullptr, &length);
  if (value != CKR_OK) return value;
  std::vector<CK_MECHANISM_TYPE> list(length);
  value = backend.C_GetMechanismList(slot, list.data(), &length);
  if (value != CKR_OK) return value;
  list.resize(length);
  const Orders& orders = state.orders();
  for (const auto& more : {orders.added_mechanisms, orders.emulated_mechanisms}) {
    for (const CK_MECHANISM_TYPE type : more) {
      if (!contains(list, type)) list.push_back(type);
    }
  }
  std::erase_if(list, [&](CK_MECHANISM_TYPE type) { return contains(orders.hidden_mechanisms, type); });
  return answer_list(list, mechanisms, count);
}

CK_RV get_mechanism_info(State& state, CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO* info) {
  const Orders& orders = state.orders();
  if (contains(orders.hidden_mechanisms, type)) return CKR_MECHANISM_INVALID;
  const bool emulated = contains(orders.emulated_mechanisms, type);
  const CK_RV value = state.backend().C_GetMechanismInfo(slot, emulated ? emulation_rests_on : type, info);
  if (value == CKR_OK || info == nullptr || !contains(orders.added_mechanisms, type)) return value;
  *info = {1, 4096, CKF_HW | CKF_SIGN | CKF_GENERATE_KEY_PAIR};
  return CKR_OK;
}

std::optional<CK_RV> mechanism_refusal(const Orders& orders, CK_MECHANISM_TYPE type) {
  if (contains(orders.hidden_mechanisms, type)) return CKR_MECHANISM_INVALID;
  for (const RefusedMechanism& each : orders.refused_mechanisms) {
    if (each.type == type) return each.value;
  }
  return std::nullopt;
}

}  // namespace wayward
