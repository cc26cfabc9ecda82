#include <gmock/gmock.h>
#include <optional>

#include <p11csr/model/error.hpp>

#include "pkcs11/key_generation.hpp"
#include "pkcs11/keys_by_value.hpp"
#include "pkcs11/token.hpp"
#include "token_test.hpp"

namespace p11csr::pkcs11 {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// GeneratedPairTest has a session in which the user is logged in, with a module that follows orders.
class GeneratedPairTest : public token::TokenTest {
 protected:
  void log_in(const std::string& orders) {
    ::setenv("WAYWARD_ORDERS", orders.c_str(), 1);
    const auto module = Module::load({wayward_path(), "", true}, nullptr);
    ::unsetenv("WAYWARD_ORDERS");
    session_.emplace(Session::open(module, list_tokens(module, nullptr).tokens.front().slot, Access::read_write));
    const Secret pin = Secret::from_text(token().pin());
    ASSERT_EQ(session().log_in(CKU_USER, &pin), CKR_OK);
  }

  const Session& session() { return *session_; }

  static NewKey key(std::uint8_t id) { return {EcKey{NamedCurve::p256}, "web", {id}}; }

  Session::NewKeys make(std::uint8_t id) {
    Session::NewKeys handles{};
    EXPECT_EQ(ask_for_pair(session(), key(id), TemplateForm::full, handles), CKR_OK);
    return handles;
  }

  std::size_t objects_with_id(std::uint8_t id) {
    AttributeList match;
    match.bytes(CKA_ID, Bytes{id});
    return session().find(match).size();
  }

 private:
  std::optional<Session> session_;
};

TEST_F(GeneratedPairTest, IsDestroyedThoughItsHandlesWereNone) {
  log_in("");
  make(1);
  EXPECT_EQ(GeneratedPair(session(), {}, "pkcs11:", key(1), {}).discard(), "the new key pair was destroyed");
  EXPECT_EQ(objects_with_id(1), 0U);
}

TEST_F(GeneratedPairTest, IsDestroyedAndNotTheKeyWhoseHandlesWereGivenForIt) {
  log_in("");
  const auto others = make(1);
  make(2);
  EXPECT_EQ(GeneratedPair(session(), others, "pkcs11:", key(2), {}).discard(), "the new key pair was destroyed");
  EXPECT_EQ(objects_with_id(1), 2U);
  EXPECT_EQ(objects_with_id(2), 0U);
}

TEST_F(GeneratedPairTest, LeavesWhatHadItsIdBefore) {
  log_in("");
  const auto before = make(1);
  make(1);
  const GeneratedPair pair(session(), {}, "pkcs11:", key(1), {before.private_key, before.public_key});
  EXPECT_EQ(pair.discard(), "the new key pair was destroyed");
  AttributeList match;
  match.bytes(CKA_ID, Bytes{1});
  EXPECT_THAT(session().find(match), testing::UnorderedElementsAre(before.private_key, before.public_key));
}

TEST_F(GeneratedPairTest, IsDestroyedByItsHandlesWhereTheTokenChoseTheId) {
  log_in("");
  const auto handles = make(1);
  EXPECT_EQ(GeneratedPair(session(), handles, "pkcs11:", key(2), {}).discard(), "the new key pair was destroyed");
  EXPECT_EQ(objects_with_id(1), 0U);
}

TEST_F(GeneratedPairTest, IsNamedByItsUrisWhereItCannotBeDestroyed) {
  log_in("fail=C_DestroyObject:*:CKR_DEVICE_ERROR");
  const auto handles = make(1);
  EXPECT_THAT(GeneratedPair(session(), handles, "pkcs11:token=tok-a", key(1), {}).discard(),
              AllOf(HasSubstr("left on the token: pkcs11:token=tok-a;id=%01;object=web;type=private and pkcs11:"),
                    HasSubstr("type=public")));
  EXPECT_EQ(objects_with_id(1), 2U);
}

TEST_F(GeneratedPairTest, IsNoKeyForACertificateWhereTheTokenContradictsItselfAboutItsId) {
  log_in("lie=private:CKA_ID:hex:01a5");
  const auto half = read_public_key(session(), make(1).public_key, "pkcs11:token=tok-a");
  try {
    static_cast<void>(private_keys_of_value(session(), half.key.value(), "pkcs11:token=tok-a"));
    FAIL() << "found a key";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::token_failed);
    EXPECT_THAT(error.what(), HasSubstr("under the ID 01 and says that its CKA_ID is 01a5"));
    EXPECT_THAT(error.call(), HasSubstr("C_GetAttributeValue"));
  }
}

}  // namespace
}  // namespace p11csr::pkcs11
