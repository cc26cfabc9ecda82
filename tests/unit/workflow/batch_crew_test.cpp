#include "workflow/batch_crew.hpp"

#include <gtest/gtest.h>
#include <thread>

namespace p11csr::workflow {
namespace {

using namespace std::chrono_literals;

TEST(CoreWatchTest, SaysNothingBeforeEnoughTimeHasGoneBy) {
  CoreWatch watch(2);
  EXPECT_FALSE(watch.leaves_idle());
}

TEST(CoreWatchTest, SeesCoresThatHadNothingToDo) {
  CoreWatch watch(2);
  std::this_thread::sleep_for(150ms);
  EXPECT_TRUE(watch.leaves_idle());
}

TEST(CoreWatchTest, JudgesOnlyTheTimeSinceItWasLastAsked) {
  CoreWatch watch(2);
  std::this_thread::sleep_for(150ms);
  EXPECT_TRUE(watch.leaves_idle());
  EXPECT_FALSE(watch.leaves_idle());
}

}  // namespace
}  // namespace p11csr::workflow
