#include "pkcs11/slot_watch.hpp"

#include <utility>

#include "pkcs11/return_code.hpp"
#include "pkcs11/token.hpp"

namespace p11csr::pkcs11 {

CK_RV ask_for_event(const Module& module) {
  CK_SLOT_ID slot = 0;
  return module.cryptoki().call("C_WaitForSlotEvent", &CK_FUNCTION_LIST::C_WaitForSlotEvent, CK_FLAGS{CKF_DONT_BLOCK},
                                &slot, nullptr);
}

bool SlotWatch::event_came() const {
  constexpr int most_events = 64;
  int events = 0;
  while (events < most_events && ask_for_event(*module_) == CKR_OK) ++events;
  return events > 0;
}

bool SlotWatch::changed() {
  // "the application must call C_GetSlotList with NULL in order to see new slots" (PKCS #11, 5.5, C_GetSlotList).
  CK_ULONG count = 0;
  check(
      module_->cryptoki().call("C_GetSlotList", &CK_FUNCTION_LIST::C_GetSlotList, CK_BBOOL{CK_FALSE}, nullptr, &count),
      "C_GetSlotList");
  has_slots_ = count > 0;
  const bool event = event_came();
  auto occupied = slots_with_token(module_->cryptoki());
  const bool others = std::exchange(occupied_, std::move(occupied)) != occupied_;
  return std::exchange(first_, false) || event || others;
}

}  // namespace p11csr::pkcs11
