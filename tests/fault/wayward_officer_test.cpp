#include <gmock/gmock.h>

#include "wayward_fixture.hpp"

namespace p11csr::fault {
namespace {

using ::testing::Optional;

class OfficerTest : public WaywardTest {
 protected:
  CK_RV log_in(CK_SESSION_HANDLE session, CK_USER_TYPE user) {
    return login(module(), session, user, user == CKU_SO ? token().so_pin() : token().pin());
  }
  CK_SESSION_HANDLE open_as(CK_USER_TYPE user) {
    const CK_SESSION_HANDLE session = open();
    EXPECT_EQ(log_in(session, user), CKR_OK);
    return session;
  }
};

TEST_F(OfficerTest, AloneMakesAndDestroysKeys) {
  start("officer-makes-keys");
  const CK_SESSION_HANDLE session = open_as(CKU_USER);
  Pair pair;
  EXPECT_EQ(make_key(module(), session, pair), CKR_USER_TYPE_INVALID);
  ASSERT_EQ(module().C_Logout(session), CKR_OK);
  ASSERT_EQ(log_in(session, CKU_SO), CKR_OK);
  ASSERT_EQ(make_key(module(), session, pair), CKR_OK);
  EXPECT_EQ(module().C_DestroyObject(session, pair.public_key), CKR_OK);
}

TEST_F(OfficerTest, DoesNotSign) {
  start("officer-makes-keys");
  const CK_SESSION_HANDLE session = open_as(CKU_SO);
  Pair pair;
  ASSERT_EQ(make_key(module(), session, pair), CKR_OK);
  EXPECT_EQ(sign_init(session, pair.private_key, CKM_ECDSA), CKR_USER_NOT_LOGGED_IN);
}

TEST_F(OfficerTest, IsNotLoggedInBesideTheUser) {
  start("officer-makes-keys");
  const CK_SESSION_HANDLE session = open_as(CKU_SO);
  EXPECT_EQ(log_in(session, CKU_USER), CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
  EXPECT_EQ(log_in(session, CKU_SO), CKR_USER_ALREADY_LOGGED_IN);
  ASSERT_EQ(module().C_Logout(session), CKR_OK);
  EXPECT_EQ(log_in(session, CKU_USER), CKR_OK);
  EXPECT_EQ(log_in(session, CKU_SO), CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
}

TEST_F(OfficerTest, IsRefusedWithAWrongPin) {
  start("officer-makes-keys");
  const CK_SESSION_HANDLE session = open();
  EXPECT_EQ(login(module(), session, CKU_SO, "87654321"), CKR_PIN_INCORRECT);
  Pair pair;
  EXPECT_EQ(make_key(module(), session, pair), CKR_USER_TYPE_INVALID);
}

TEST_F(OfficerTest, DoesNotLogInBesideAReadOnlySession) {
  start("officer-makes-keys");
  CK_SESSION_HANDLE session = 0;
  ASSERT_EQ(module().C_OpenSession(slot(), CKF_SERIAL_SESSION, nullptr, nullptr, &session), CKR_OK);
  EXPECT_EQ(log_in(session, CKU_SO), CKR_SESSION_READ_ONLY_EXISTS);
}

TEST_F(OfficerTest, OverwritesTheKeyOfTheSameId) {
  start("overwrites-id");
  const CK_SESSION_HANDLE session = open_and_log_in();
  Pair pair;
  ASSERT_EQ(make_key(module(), session, pair), CKR_OK);
  ASSERT_EQ(make_key(module(), session, pair), CKR_OK);
  EXPECT_EQ(objects_of_class(session, CKO_PRIVATE_KEY), 1U);
  EXPECT_EQ(objects_of_class(session, CKO_PUBLIC_KEY), 1U);
}

TEST_F(OfficerTest, GivesAPivCardsKeysLabelsOfTheirOwnAndKeepsThemIn) {
  start("piv-card");
  const CK_SESSION_HANDLE session = open_as(CKU_SO);
  Pair pair;
  EXPECT_EQ(make_key(module(), session, pair), CKR_ATTRIBUTE_TYPE_INVALID);
  finish();
  start("piv-card;ignore-attribute=CKA_SENSITIVE;ignore-attribute=CKA_EXTRACTABLE");
  const CK_SESSION_HANDLE second = open_as(CKU_SO);
  ASSERT_EQ(make_key(module(), second, pair), CKR_OK);
  EXPECT_THAT(read(second, pair.private_key, CKA_SENSITIVE), Optional(Bytes{CK_TRUE}));
  EXPECT_THAT(read(second, pair.private_key, CKA_NEVER_EXTRACTABLE), Optional(Bytes{CK_TRUE}));
  const auto label = read(second, pair.private_key, CKA_LABEL);
  ASSERT_TRUE(label);
  EXPECT_EQ(std::string(label->begin(), label->end()), "Private key for PIV Slot");
}

}  // namespace
}  // namespace p11csr::fault
