#include "workflow/batch_queue.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace p11csr::workflow {
namespace {

TEST(BatchQueueTest, HandsEachItemToOneThread) {
  Queue<int> queue(4);
  std::atomic<int> sum = 0;
  std::vector<std::thread> takers;
  for (int i = 0; i < 3; ++i)
    takers.emplace_back([&] {
      while (const auto item = queue.take()) sum += *item;
    });
  for (int i = 1; i <= 1000; ++i) EXPECT_TRUE(queue.put(i));
  queue.close();
  for (auto& taker : takers) taker.join();
  EXPECT_EQ(sum, 500500);
}

TEST(BatchQueueTest, TakesNoMoreThanItHasRoomFor) {
  Queue<int> queue(2);
  int item = 1;
  EXPECT_TRUE(queue.try_put(item));
  EXPECT_TRUE(queue.try_put(item));
  EXPECT_FALSE(queue.try_put(item));
  EXPECT_EQ(queue.clear(), 2U);
  EXPECT_TRUE(queue.try_put(item));
}

TEST(BatchQueueTest, GivesWhatIsInAfterItWasClosed) {
  Queue<int> queue(2);
  EXPECT_TRUE(queue.put(7));
  queue.close();
  EXPECT_FALSE(queue.put(8));
  EXPECT_EQ(queue.take(), 7);
  EXPECT_FALSE(queue.take());
  EXPECT_TRUE(queue.take_all_within(std::chrono::milliseconds(1), 1).empty());
}

TEST(BatchQueueTest, LetsAWaitingThreadGoWhenItIsClosed) {
  Queue<int> queue(1);
  EXPECT_TRUE(queue.put(1));
  std::thread waiting([&] { EXPECT_FALSE(queue.put(2)); });
  queue.close();
  waiting.join();
}

TEST(BatchQueueTest, GivesAllThatAreInOnceThereAreEnough) {
  Queue<int> queue(8);
  std::thread other([&queue] {
    for (int i = 0; i < 3; ++i) queue.put(i);
  });
  EXPECT_EQ(queue.take_all_within(std::chrono::minutes(1), 3), (std::deque<int>{0, 1, 2}));
  other.join();
}
TEST(BatchQueueTest, GivesWhatIsInWhereEnoughDoNotCome) {
  Queue<int> queue(8);
  queue.put(1);
  EXPECT_EQ(queue.take_all_within(std::chrono::milliseconds(1), 3), std::deque<int>{1});
}

TEST(BatchQueueTest, WaitsForNoMoreOnceAnUrgentOneIsIn) {
  Queue<int> queue(8);
  queue.put(1, true);
  EXPECT_EQ(queue.take_all_within(std::chrono::minutes(1), 3), std::deque<int>{1});
}

}  // namespace
}  // namespace p11csr::workflow
