#pragma once

#include <optional>

#include <p11csr/model/secret.hpp>

#include "pkcs11/cryptoki.hpp"

namespace p11csr::pkcs11 {

/// if_any is the PIN, or null for a token that asks at its PIN pad.
[[nodiscard]] inline const Secret* if_any(const std::optional<Secret>& pin) { return pin ? &*pin : nullptr; }

/// PinArgument is a PIN as Cryptoki takes it: through a pointer to non-const that it does not write to, or NULL for a
/// token that asks at its PIN pad (PKCS #11, 5.5 and 5.6). The Secret outlives it.
struct PinArgument {
  explicit PinArgument(const Secret* pin)
      : text(pin == nullptr ? nullptr : const_cast<CK_UTF8CHAR*>(pin->view().data())),
        length(pin == nullptr ? 0 : pin->size()) {}
  CK_UTF8CHAR* text;
  CK_ULONG length;
};

}  // namespace p11csr::pkcs11
