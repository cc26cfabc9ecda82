#include <cstdlib>
#include <gmock/gmock.h>

#include <p11csr/model/error.hpp>

#include "pkcs11/session.hpp"
#include "pkcs11/token.hpp"
#include "token_test.hpp"

namespace p11csr::pkcs11 {
namespace {

/// SessionFindTest opens a session with a token whose module follows orders.
class SessionFindTest : public token::TokenTest {
 protected:
  Session session_under(const std::string& orders) {
    ::setenv("WAYWARD_ORDERS", orders.c_str(), 1);
    const auto module = Module::load({wayward_path(), "", true}, nullptr);
    ::unsetenv("WAYWARD_ORDERS");
    return Session::open(module, list_tokens(module, nullptr).tokens.front().slot, Access::read_only);
  }

  static std::string failure_of(const Session& session) {
    AttributeList any;
    try {
      static_cast<void>(session.find(any));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::token_failed);
      return error.what() + error.call();
    }
    return "";
  }
};

TEST_F(SessionFindTest, EndsASearchThatFailed) {
  const Session session = session_under("fail=C_FindObjects:1:CKR_DEVICE_ERROR");
  EXPECT_THAT(failure_of(session), testing::HasSubstr("C_FindObjects: CKR_DEVICE_ERROR"));
  EXPECT_EQ(failure_of(session), "");
}

TEST_F(SessionFindTest, TellsWhatFailedFirst) {
  const Session session =
      session_under("fail=C_FindObjects:1:CKR_DEVICE_ERROR;fail=C_FindObjectsFinal:1:CKR_GENERAL_ERROR");
  EXPECT_THAT(failure_of(session), testing::HasSubstr("C_FindObjects: CKR_DEVICE_ERROR"));
}

TEST_F(SessionFindTest, EndsASearchThatNeverEnds) {
  const Session session = session_under("endless-search");
  EXPECT_THAT(failure_of(session), testing::HasSubstr("more than 1000000 objects"));
}

}  // namespace
}  // namespace p11csr::pkcs11
