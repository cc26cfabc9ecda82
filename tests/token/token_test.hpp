#pragma once

#include <gtest/gtest.h>
#include <string>

#include "support/softhsm_token.hpp"

namespace p11csr::token {

/// TokenTest gives each test a SoftHSM2 token "tok-a" (PIN 1234) of its own, gone afterwards.
class TokenTest : public ::testing::Test {
 protected:
  [[nodiscard]] support::SoftHsmToken& softhsm() { return softhsm_; }
  /// module_path is SoftHSM2; wayward_path is the module that wraps it and misbehaves as $WAYWARD_ORDERS says.
  [[nodiscard]] static std::string module_path() { return support::SoftHsmToken::module_path(); }
  [[nodiscard]] static std::string wayward_path() { return WAYWARD_PATH; }

 private:
  support::SoftHsmToken softhsm_{"tok-a"};
};

}  // namespace p11csr::token
