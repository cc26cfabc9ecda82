#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <gmock/gmock.h>
#include <thread>
#include <unistd.h>

#include "wayward_fixture.hpp"

namespace p11csr::fault {
namespace {

using ::testing::HasSubstr;
using ::testing::KilledBySignal;

class OrdersTest : public WaywardTest {};
class CountingTest : public WaywardTest {};
class FailureTest : public WaywardTest {};
class TimeTest : public WaywardTest {};
class SlotTest : public WaywardTest {};
class LoginTest : public WaywardTest {};

using OrdersDeathTest = OrdersTest;

TEST_F(OrdersTest, FillEveryFunctionOfTheList) {
  const auto* first = reinterpret_cast<void* const*>(&module().C_Initialize);
  const auto* last = reinterpret_cast<void* const*>(&module().C_WaitForSlotEvent);
  EXPECT_EQ(std::count(first, last + 1, nullptr), 0);
  EXPECT_EQ(last - first, 67);
}

TEST_F(OrdersTest, ForwardEverythingWhenThereAreNone) {
  start("");
  const CK_SESSION_HANDLE session = open();
  ASSERT_EQ(login(module(), session, CKU_USER, token().pin()), CKR_OK);
  Pair pair;
  ASSERT_EQ(make_key(module(), session, pair), CKR_OK);
  Bytes signature;
  ASSERT_EQ(sign(session, pair.private_key, CKM_ECDSA, Bytes(32, 7), signature), CKR_OK);
  EXPECT_TRUE(verifies(session, pair.public_key, Bytes(32, 7), signature));
}

TEST_F(OrdersTest, AreReadFromAFileToo) {
  const auto path = count_file().replace_filename("orders");
  std::ofstream(path) << "no-slots\n";
  ::setenv("WAYWARD_ORDERS_FILE", path.c_str(), 1);
  start("");
  ::unsetenv("WAYWARD_ORDERS_FILE");
  CK_ULONG count = 9;
  EXPECT_EQ(module().C_GetSlotList(CK_FALSE, nullptr, &count), CKR_OK);
  EXPECT_EQ(count, 0U);
}

TEST_F(OrdersDeathTest, EndTheProcessWhenUnknown) {
  EXPECT_EXIT(start("no-slots;fly"), KilledBySignal(SIGABRT), "wayward: unknown order 'fly'");
  EXPECT_EXIT(start("fail=C_Sgn:1:CKR_OK"), KilledBySignal(SIGABRT), "no Cryptoki function: 'C_Sgn'");
  EXPECT_EXIT(start("fail=C_Sign:1:CKR_OH"), KilledBySignal(SIGABRT), "no CKR_ constant: 'CKR_OH'");
}

TEST_F(CountingTest, WritesEachCallWithWhatItReturned) {
  start("count=" + count_file().string());
  const CK_SESSION_HANDLE session = open();
  ASSERT_EQ(login(module(), session, CKU_USER, "0000"), CKR_PIN_INCORRECT);
  EXPECT_EQ(counted_calls(), "C_Initialize 0x0\nC_OpenSession 0x0\nC_Login 0xa0\n");
}

TEST_F(CountingTest, GoesOnInTheSameFileAfterFinalize) {
  start("count=" + count_file().string());
  finish();
  start("count=" + count_file().string());
  EXPECT_EQ(counted_calls(), "C_Initialize 0x0\nC_Finalize 0x0\nC_Initialize 0x0\n");
}

TEST_F(FailureTest, HitsTheNthCallOfAFunctionOnly) {
  start("fail=C_Login:2:CKR_DEVICE_ERROR");
  const CK_SESSION_HANDLE session = open();
  EXPECT_EQ(login(module(), session, CKU_USER, "0000"), CKR_PIN_INCORRECT);
  EXPECT_EQ(login(module(), session, CKU_USER, token().pin()), CKR_DEVICE_ERROR);
  EXPECT_EQ(login(module(), session, CKU_USER, token().pin()), CKR_OK);
}

TEST_F(FailureTest, HitsEveryCallWithAStar) {
  start("fail=C_GetTokenInfo:*:0x30");
  CK_TOKEN_INFO info = {};
  EXPECT_EQ(module().C_GetTokenInfo(slot(), &info), CKR_DEVICE_ERROR);
  EXPECT_EQ(module().C_GetTokenInfo(slot(), &info), CKR_DEVICE_ERROR);
}

TEST_F(FailureTest, CanStrikeAfterTheWorkIsDone) {
  start("failafter=C_GenerateKeyPair:1:CKR_DEVICE_REMOVED");
  const CK_SESSION_HANDLE session = open_and_log_in();
  Pair pair;
  EXPECT_EQ(make_key(module(), session, pair), CKR_DEVICE_REMOVED);
  EXPECT_EQ(objects_of_class(session, CKO_PRIVATE_KEY), 1U);
}

TEST_F(FailureTest, HitsTheNthCallThatCrossesToTheToken) {
  start("failcall=2:CKR_GENERAL_ERROR");
  CK_INFO about = {};
  EXPECT_EQ(module().C_GetInfo(&about), CKR_OK);
  const CK_SESSION_HANDLE session = open();
  EXPECT_EQ(module().C_GetInfo(&about), CKR_OK);
  EXPECT_EQ(login(module(), session, CKU_USER, token().pin()), CKR_GENERAL_ERROR);
  EXPECT_EQ(login(module(), session, CKU_USER, token().pin()), CKR_OK);
}

TEST_F(TimeTest, SlowsAFunctionDown) {
  start("slow=C_GetTokenInfo:60");
  const auto begin = std::chrono::steady_clock::now();
  CK_TOKEN_INFO info = {};
  ASSERT_EQ(module().C_GetTokenInfo(slot(), &info), CKR_OK);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(60));
}

TEST_F(TimeTest, SlowsEveryFunctionDown) {
  const auto begin = std::chrono::steady_clock::now();
  start("slow=*:60");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(60));
}

TEST_F(TimeTest, HoldsAFunctionUpWhileAFileExists) {
  const std::string file = testing::TempDir() + "wayward-hold-" + std::to_string(::getpid());
  std::ofstream(file).close();
  start("hang=C_GetTokenInfo:" + file);
  auto call = std::async(std::launch::async, [this] {
    CK_TOKEN_INFO info = {};
    return module().C_GetTokenInfo(slot(), &info);
  });
  std::string who;
  while (who.empty()) std::ifstream(file) >> who;
  EXPECT_EQ(who, "C_GetTokenInfo");
  EXPECT_EQ(call.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  std::filesystem::remove(file);
  EXPECT_EQ(call.get(), CKR_OK);
}

using TimeDeathTest = TimeTest;

TEST_F(TimeDeathTest, HangsForEver) {
  EXPECT_EXIT(
      {
        ::alarm(1);
        start("hang=C_Initialize");
      },
      KilledBySignal(SIGALRM), "");
}

TEST_F(SlotTest, AreNoneOnOrder) {
  start("no-slots");
  CK_ULONG count = 9;
  EXPECT_EQ(module().C_GetSlotList(CK_TRUE, nullptr, &count), CKR_OK);
  EXPECT_EQ(count, 0U);
}

TEST_F(SlotTest, GoWithTheirCardsOnOrder) {
  start("inserted-while=/no/such/file;slot-goes-too");
  CK_ULONG count = 9;
  EXPECT_EQ(module().C_GetSlotList(CK_FALSE, nullptr, &count), CKR_OK);
  EXPECT_EQ(count, 0U);
  CK_SLOT_INFO info = {};
  EXPECT_EQ(module().C_GetSlotInfo(0, &info), CKR_SLOT_ID_INVALID);
}

TEST_F(SlotTest, LoseTheirTokenAfterSomeCalls) {
  start("slots-vanish=1");
  const CK_SESSION_HANDLE session = open();
  EXPECT_EQ(login(module(), session, CKU_USER, token().pin()), CKR_DEVICE_REMOVED);
  EXPECT_EQ(login(module(), session, CKU_USER, token().pin()), CKR_TOKEN_NOT_PRESENT);
  CK_ULONG count = 9;
  EXPECT_EQ(module().C_GetSlotList(CK_TRUE, nullptr, &count), CKR_OK);
  EXPECT_EQ(count, 0U);
  CK_SLOT_INFO info = {};
  EXPECT_EQ(module().C_GetSlotInfo(slot(), &info), CKR_OK);
  EXPECT_EQ(info.flags & CKF_TOKEN_PRESENT, 0U);
}

TEST_F(SlotTest, GainAndLoseTokenFlags) {
  start("flags=+CKF_USER_PIN_FINAL_TRY,-CKF_LOGIN_REQUIRED");
  CK_TOKEN_INFO info = {};
  ASSERT_EQ(module().C_GetTokenInfo(slot(), &info), CKR_OK);
  EXPECT_NE(info.flags & CKF_USER_PIN_FINAL_TRY, 0U);
  EXPECT_EQ(info.flags & CKF_LOGIN_REQUIRED, 0U);
}

TEST_F(SlotTest, GiveOneSessionOnly) {
  start("one-session");
  CK_TOKEN_INFO info = {};
  ASSERT_EQ(module().C_GetTokenInfo(slot(), &info), CKR_OK);
  EXPECT_EQ(info.ulMaxSessionCount, 1U);
  const CK_SESSION_HANDLE session = open();
  CK_SESSION_HANDLE second = 0;
  EXPECT_EQ(module().C_OpenSession(slot(), CKF_SERIAL_SESSION, nullptr, nullptr, &second), CKR_SESSION_COUNT);
  ASSERT_EQ(module().C_CloseSession(session), CKR_OK);
  EXPECT_EQ(module().C_OpenSession(slot(), CKF_SERIAL_SESSION, nullptr, nullptr, &second), CKR_OK);
  ASSERT_EQ(module().C_CloseAllSessions(slot()), CKR_OK);
  EXPECT_EQ(module().C_OpenSession(slot(), CKF_SERIAL_SESSION, nullptr, nullptr, &second), CKR_OK);
}

TEST_F(LoginTest, TakesNoPinOnAPinPad) {
  start("pinpad");
  CK_TOKEN_INFO info = {};
  ASSERT_EQ(module().C_GetTokenInfo(slot(), &info), CKR_OK);
  EXPECT_NE(info.flags & CKF_PROTECTED_AUTHENTICATION_PATH, 0U);
  const CK_SESSION_HANDLE session = open();
  EXPECT_EQ(login(module(), session, CKU_USER, token().pin()), CKR_ARGUMENTS_BAD);
  EXPECT_EQ(module().C_Login(session, CKU_USER, nullptr, 0), CKR_OK);
}

TEST_F(LoginTest, FailsWhenThePersonMistypesOnThePinPad) {
  start("pinpad");
  const CK_SESSION_HANDLE session = open();
  ::setenv("WAYWARD_PIN", "4321", 1);
  EXPECT_EQ(module().C_Login(session, CKU_USER, nullptr, 0), CKR_PIN_INCORRECT);
  ::unsetenv("WAYWARD_PIN");
}

TEST_F(OrdersTest, CanRequireInitArguments) {
  ::setenv("WAYWARD_ORDERS", "require-init-args=configDir='x' flags=", 1);
  EXPECT_EQ(module().C_Initialize(nullptr), CKR_ARGUMENTS_BAD);
  CK_C_INITIALIZE_ARGS arguments = {};
  arguments.flags = CKF_OS_LOCKING_OK;
  EXPECT_EQ(module().C_Initialize(&arguments), CKR_ARGUMENTS_BAD);
  std::string text = "configDir='x' flags=";
  arguments.pReserved = text.data();
  EXPECT_EQ(module().C_Initialize(&arguments), CKR_OK);
  EXPECT_EQ(module().C_Finalize(nullptr), CKR_OK);
}

}  // namespace
}  // namespace p11csr::fault
