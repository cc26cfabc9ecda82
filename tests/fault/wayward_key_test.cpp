#include <gmock/gmock.h>
#include <openssl/evp.h>

#include "wayward_fixture.hpp"

namespace p11csr::fault {
namespace {

using ::testing::Contains;
using ::testing::Not;
using ::testing::Optional;

class SigningTest : public WaywardTest {};
class MechanismTest : public WaywardTest {};
class GenerationTest : public WaywardTest {};

Bytes sha256(const Bytes& data) {
  Bytes hash(32);
  EXPECT_EQ(EVP_Digest(data.data(), data.size(), hash.data(), nullptr, EVP_sha256(), nullptr), 1);
  return hash;
}

TEST_F(SigningTest, FlipsEverySignature) {
  start("flip-signature");
  const CK_SESSION_HANDLE session = open_and_log_in();
  const Pair pair = make_key(session);
  Bytes signature;
  ASSERT_EQ(sign(session, pair.private_key, CKM_ECDSA, Bytes(32, 7), signature), CKR_OK);
  EXPECT_FALSE(verifies(session, pair.public_key, Bytes(32, 7), signature));
}

TEST_F(SigningTest, FlipsTheNthSignatureOnly) {
  start("flip-signature=2");
  const CK_SESSION_HANDLE session = open_and_log_in();
  const Pair pair = make_key(session);
  std::vector<bool> good;
  for (int round = 0; round < 3; ++round) {
    Bytes signature;
    ASSERT_EQ(sign(session, pair.private_key, CKM_ECDSA, Bytes(32, 7), signature), CKR_OK);
    good.push_back(verifies(session, pair.public_key, Bytes(32, 7), signature));
  }
  EXPECT_THAT(good, ::testing::ElementsAre(true, false, true));
}

TEST_F(SigningTest, ClaimsAnotherLength) {
  start("signature-length=63");
  const CK_SESSION_HANDLE session = open_and_log_in();
  const Pair pair = make_key(session);
  Bytes signature;
  ASSERT_EQ(sign(session, pair.private_key, CKM_ECDSA, Bytes(32, 7), signature), CKR_OK);
  EXPECT_EQ(signature.size(), 63U);
}

TEST_F(SigningTest, WantsALoginOfItsOwnForAnAlwaysAuthenticateKey) {
  start("always-authenticate");
  const CK_SESSION_HANDLE session = open_and_log_in();
  const Pair pair = make_key(session);
  EXPECT_THAT(read(session, pair.private_key, CKA_ALWAYS_AUTHENTICATE), Optional(Bytes{CK_TRUE}));
  EXPECT_EQ(login(module(), session, CKU_CONTEXT_SPECIFIC, token().pin()), CKR_OPERATION_NOT_INITIALIZED);
  Bytes signature;
  EXPECT_EQ(sign(session, pair.private_key, CKM_ECDSA, Bytes(32, 7), signature), CKR_USER_NOT_LOGGED_IN);

  ASSERT_EQ(sign_init(session, pair.private_key, CKM_ECDSA), CKR_OK);
  EXPECT_EQ(login(module(), session, CKU_CONTEXT_SPECIFIC, "0000"), CKR_PIN_INCORRECT);
  ASSERT_EQ(login(module(), session, CKU_CONTEXT_SPECIFIC, token().pin()), CKR_OK);
  Bytes hash(32, 7);
  signature.assign(64, 0);
  CK_ULONG length = 64;
  EXPECT_EQ(module().C_Sign(session, hash.data(), hash.size(), signature.data(), &length), CKR_OK);
  EXPECT_TRUE(verifies(session, pair.public_key, hash, signature));
  EXPECT_EQ(sign(session, pair.private_key, CKM_ECDSA, hash, signature), CKR_USER_NOT_LOGGED_IN);
}

TEST_F(MechanismTest, IsHiddenAndRefused) {
  start("mechanisms=-CKM_ECDSA,+CKM_ECDSA_SHA1");
  EXPECT_THAT(mechanisms(), Not(Contains(CKM_ECDSA)));
  EXPECT_THAT(mechanisms(), Contains(CKM_ECDSA_SHA1));
  const CK_SESSION_HANDLE session = open_and_log_in();
  EXPECT_EQ(sign_init(session, make_key(session).private_key, CKM_ECDSA), CKR_MECHANISM_INVALID);
}

TEST_F(MechanismTest, IsListedAndRefused) {
  start("refuse-mechanism=CKM_ECDSA;refuse-mechanism=CKM_EC_KEY_PAIR_GEN:CKR_MECHANISM_PARAM_INVALID");
  EXPECT_THAT(mechanisms(), Contains(CKM_ECDSA));
  const CK_SESSION_HANDLE session = open_and_log_in();
  Pair pair;
  EXPECT_EQ(make_key(module(), session, pair), CKR_MECHANISM_PARAM_INVALID);
  EXPECT_EQ(sign_init(session, make_key(session).private_key, CKM_ECDSA), CKR_MECHANISM_INVALID);
}

TEST_F(MechanismTest, IsEmulatedByHashingInTheModule) {
  start("emulate=CKM_ECDSA_SHA256");
  EXPECT_THAT(mechanisms(), Contains(CKM_ECDSA_SHA256));
  CK_MECHANISM_INFO info = {};
  EXPECT_EQ(module().C_GetMechanismInfo(slot(), CKM_ECDSA_SHA256, &info), CKR_OK);
  const CK_SESSION_HANDLE session = open_and_log_in();
  const Pair pair = make_key(session);
  Bytes data(1000, 'x');
  Bytes signature;
  ASSERT_EQ(sign(session, pair.private_key, CKM_ECDSA_SHA256, data, signature), CKR_OK);
  EXPECT_TRUE(verifies(session, pair.public_key, sha256(data), signature));
}

TEST_F(MechanismTest, IsEmulatedInPartsToo) {
  start("emulate=CKM_ECDSA_SHA256");
  const CK_SESSION_HANDLE session = open_and_log_in();
  const Pair pair = make_key(session);
  Bytes data(1000, 'x');
  ASSERT_EQ(sign_init(session, pair.private_key, CKM_ECDSA_SHA256), CKR_OK);
  ASSERT_EQ(module().C_SignUpdate(session, data.data(), 600), CKR_OK);
  ASSERT_EQ(module().C_SignUpdate(session, data.data() + 600, 400), CKR_OK);
  CK_ULONG length = 0;
  ASSERT_EQ(module().C_SignFinal(session, nullptr, &length), CKR_OK);
  Bytes signature(length);
  ASSERT_EQ(module().C_SignFinal(session, signature.data(), &length), CKR_OK);
  EXPECT_TRUE(verifies(session, pair.public_key, sha256(data), signature));
}

TEST_F(GenerationTest, RefusesATemplateWithAnAttribute) {
  start("refuse-attribute=CKA_SENSITIVE;refuse-attribute=CKA_ALWAYS_AUTHENTICATE:CKR_GENERAL_ERROR");
  const CK_SESSION_HANDLE session = open_and_log_in();
  Pair pair;
  EXPECT_EQ(make_key(module(), session, pair), CKR_ATTRIBUTE_TYPE_INVALID);
  EXPECT_EQ(objects_of_class(session, CKO_PUBLIC_KEY), 0U);
}

TEST_F(GenerationTest, LeavesAPublicHalfBehindWhenItRefuses) {
  start("refuse-attribute=CKA_SENSITIVE:CKR_TEMPLATE_INCONSISTENT;leave-orphan");
  const CK_SESSION_HANDLE session = open_and_log_in();
  Pair pair;
  EXPECT_EQ(make_key(module(), session, pair), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(objects_of_class(session, CKO_PUBLIC_KEY), 1U);
  EXPECT_EQ(objects_of_class(session, CKO_PRIVATE_KEY), 0U);
}

TEST_F(GenerationTest, IgnoresAnAttribute) {
  start("ignore-attribute=CKA_SENSITIVE");
  const CK_SESSION_HANDLE session = open_and_log_in();
  Pair pair;
  ASSERT_EQ(make_key(module(), session, pair), CKR_OK);
  EXPECT_THAT(read(session, pair.private_key, CKA_SENSITIVE), Optional(Bytes{CK_FALSE}));
}

TEST_F(GenerationTest, ForcesAnAttribute) {
  start("force-attribute=private:CKA_EXTRACTABLE:true");
  const CK_SESSION_HANDLE session = open_and_log_in();
  Pair pair;
  ASSERT_EQ(make_key(module(), session, pair), CKR_OK);
  EXPECT_THAT(read(session, pair.private_key, CKA_EXTRACTABLE), Optional(Bytes{CK_TRUE}));
}

}  // namespace
}  // namespace p11csr::fault
