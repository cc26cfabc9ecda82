#pragma once

#include "cryptoki.hpp"

namespace wayward {

/// load_backend loads the module that is wrapped ($WAYWARD_MODULE, else SoftHSM2) and gives its functions; ends the
/// process where that fails. It stays loaded.
[[nodiscard]] CK_FUNCTION_LIST& load_backend();

}  // namespace wayward
