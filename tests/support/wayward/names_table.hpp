#pragma once

#include <string_view>
#include <vector>

#include "cryptoki.hpp"

namespace wayward {

struct NamedConstant {
  std::string_view name;
  CK_ULONG value;
};

/// named_constants are all CKR_, CKA_, CKM_ and CKF_ of pkcs11.h.
[[nodiscard]] const std::vector<NamedConstant>& named_constants();

/// function_names are all C_ functions of pkcs11.h.
[[nodiscard]] const std::vector<std::string_view>& function_names();

}  // namespace wayward
