#include "cli/call_watch.hpp"

#include <chrono>
#include <csignal>
#include <gtest/gtest.h>
#include <sstream>
#include <thread>
#include <unistd.h>

#include <p11csr/model/error.hpp>

namespace p11csr::cli {
namespace {

// A destructor has nobody to tell: an interruption that came right before C_Finalize was lost there, and a wait for a
// card went on for ever.
TEST(CallWatchTest, KeepsAnInterruptionForACallThatCanTellOfIt) {
  std::ostringstream said;
  CallWatch watch({}, said);
  watch.before("C_GetSlotList");
  watch.after("C_GetSlotList", 0);
  kill(getpid(), SIGINT);
  while (!watch.interrupted()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  for (const char* call : {"C_FindObjectsFinal", "C_CloseSession", "C_Finalize"}) {
    EXPECT_NO_THROW(watch.before(call)) << call;
    watch.after(call, 0);
  }
  EXPECT_THROW(watch.before("C_Initialize"), Error);
}

}  // namespace
}  // namespace p11csr::cli
