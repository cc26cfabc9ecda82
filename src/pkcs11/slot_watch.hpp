#pragma once

#include <memory>
#include <vector>

#include "pkcs11/cryptoki.hpp"
#include "pkcs11/module.hpp"

namespace p11csr::pkcs11 {

/// ask_for_event gives what C_WaitForSlotEvent says. It never blocks: some modules cannot be woken from that.
[[nodiscard]] CK_RV ask_for_event(const Module& module);

/// SlotWatch notices that a token may have come or gone in any slot of a module, without asking a token anything.
class SlotWatch {
 public:
  explicit SlotWatch(std::shared_ptr<const Module> module) : module_(std::move(module)) {}

  /// changed is true the first time, after a slot event, and when other slots than before hold a token. It has the
  /// module look for readers that are new. Not every module tells of a token that was changed for another between two
  /// looks. Throws Error.
  [[nodiscard]] bool changed();

  /// has_slots is false where the module showed no slot at all when it was last asked.
  [[nodiscard]] bool has_slots() const noexcept { return has_slots_; }

  [[nodiscard]] const std::shared_ptr<const Module>& module() const noexcept { return module_; }

 private:
  [[nodiscard]] bool event_came() const;

  std::shared_ptr<const Module> module_;
  std::vector<CK_SLOT_ID> occupied_;
  bool first_ = true;
  bool has_slots_ = false;
};

}  // namespace p11csr::pkcs11
