#pragma once

#include <gtest/gtest.h>
#include <optional>
#include <utility>

#include <p11csr/testing/softhsm_token.hpp>

#pragma GCC visibility push(default)
namespace p11csr {

/// SoftHsmTest is a GoogleTest fixture that gives each test a SoftHsmToken of its own. Tests run in parallel as
/// processes do: gtest_discover_tests() and ctest -j.
///
///     class RenewalTest : public p11csr::SoftHsmTest {};
///     TEST_F(RenewalTest, KeepsTheKey) { … token().choice() … }
///
/// The header is the only one of p11csr that needs GoogleTest.
class SoftHsmTest : public ::testing::Test {
 protected:
  /// SoftHsmTest keeps what each test's token is to be like; SetUp makes it.
  explicit SoftHsmTest(workflow::SandboxOptions options = {}) : options_(std::move(options)) {}

  /// SetUp makes the token, which is there until the members of derived fixtures are gone. Throws Error.
  void SetUp() override { token_.emplace(options_); }

  /// token is the test's own, from SetUp on. Throws std::bad_optional_access before.
  [[nodiscard]] const SoftHsmToken& token() const { return token_.value(); }

 private:
  workflow::SandboxOptions options_;
  std::optional<SoftHsmToken> token_;
};

}  // namespace p11csr
#pragma GCC visibility pop
