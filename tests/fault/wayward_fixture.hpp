#pragma once

#ifndef CRYPTOKI_COMPAT
#define CRYPTOKI_COMPAT
#endif
#include <filesystem>
#include <gtest/gtest.h>
#include <optional>
#include <p11-kit/pkcs11.h>
#include <string>
#include <vector>

#include <p11csr/testing/softhsm_test.hpp>

namespace p11csr::fault {

using Bytes = std::vector<CK_BYTE>;

struct Pair {
  CK_OBJECT_HANDLE public_key = 0;
  CK_OBJECT_HANDLE private_key = 0;
};

/// WaywardTest drives the wayward module over a token of its own. What a test looks at goes through module();
/// whatever only prepares it goes through backend(), which is neither counted nor disturbed.
class WaywardTest : public SoftHsmTest {
 protected:
  WaywardTest() : SoftHsmTest({.label = "tok-a"}) {}

  void SetUp() override;
  void TearDown() override;

  /// start gives the orders and initialises; the test ends the module if it wants to look at what comes after.
  void start(const std::string& orders);
  void finish();

  [[nodiscard]] static CK_FUNCTION_LIST& module();
  [[nodiscard]] CK_FUNCTION_LIST& backend() const;

  /// slot is the one that holds the token.
  [[nodiscard]] CK_SLOT_ID slot() const;
  [[nodiscard]] CK_SESSION_HANDLE open();
  [[nodiscard]] CK_SESSION_HANDLE open_and_log_in();
  /// make_key makes a P-256 pair with CKA_ID 01 through the given functions.
  CK_RV make_key(CK_FUNCTION_LIST& functions, CK_SESSION_HANDLE session, Pair& pair);
  [[nodiscard]] Pair make_key(CK_SESSION_HANDLE session);
  [[nodiscard]] CK_ULONG objects_of_class(CK_SESSION_HANDLE session, CK_OBJECT_CLASS object_class);
  [[nodiscard]] bool verifies(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key, Bytes hash, Bytes signature);

  /// read gives an attribute as module() tells it; nothing where it refuses.
  [[nodiscard]] std::optional<Bytes> read(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
  /// sign signs through module() with a mechanism without parameters.
  CK_RV sign(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE mechanism, Bytes data,
             Bytes& signature);
  [[nodiscard]] CK_RV sign_init(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE type);
  [[nodiscard]] std::vector<CK_MECHANISM_TYPE> mechanisms();

  [[nodiscard]] std::filesystem::path count_file() const { return std::filesystem::path(token().folder()) / "calls"; }
  [[nodiscard]] std::string counted_calls() const;

 private:
  bool started_ = false;
};

/// login is C_Login through the given functions.
[[nodiscard]] CK_RV login(CK_FUNCTION_LIST& functions, CK_SESSION_HANDLE session, CK_USER_TYPE user, std::string pin);

}  // namespace p11csr::fault
