#pragma once

#include <string>

#include <p11csr/testing/softhsm_test.hpp>

namespace p11csr::token {

/// TokenTest gives each test a SoftHSM2 token "tok-a" of its own, gone afterwards.
class TokenTest : public SoftHsmTest {
 protected:
  TokenTest() : SoftHsmTest({.label = "tok-a"}) {}

  /// wayward_path is the module that wraps SoftHSM2 and misbehaves as $WAYWARD_ORDERS says.
  [[nodiscard]] static std::string wayward_path() { return WAYWARD_PATH; }
};

}  // namespace p11csr::token
