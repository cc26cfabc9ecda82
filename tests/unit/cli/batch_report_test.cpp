#include "cli/batch_report.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/model/error.hpp>

#include "cli/batch_plan.hpp"
#include "cli/batch_progress.hpp"
#include "cli/tar_text.hpp"

namespace p11csr::cli {
namespace {

using testing::HasSubstr;

TEST(ShardTest, EachLabelBelongsToOneShard) {
  std::array<int, 3> sizes{};
  for (int i = 0; i < 300; ++i) {
    int owners = 0;
    for (unsigned index = 1; index <= 3; ++index) {
      if (!Shard{index, 3}.has("dev-" + std::to_string(i))) continue;
      ++owners;
      ++sizes.at(index - 1);
    }
    EXPECT_EQ(owners, 1);
  }
  for (const int size : sizes) EXPECT_GT(size, 60);
}

TEST(ShardTest, IsReadFromIndexAndCount) {
  EXPECT_EQ(Shard::parse("2/5").index, 2U);
  EXPECT_EQ(Shard::parse("2/5").count, 5U);
  EXPECT_EQ(Shard::parse("").count, 1U);
  for (const char* text : {"0/5", "6/5", "1", "/", "1/", "/2", "a/2", "1/2/3", "-1/2", "1/ 2"})
    EXPECT_THROW(static_cast<void>(Shard::parse(text)), Error) << text;
}

TEST(BatchProgressTest, TellsRateAndTimeLeft) {
  workflow::BatchProgress progress;
  progress.total = 100;
  progress.finished = 40;
  progress.done = 20;
  progress.failed = 2;
  progress.by_session = {12, 8};
  progress.elapsed = std::chrono::seconds(10);
  EXPECT_EQ(progress_text(progress), "40 of 100 rows, 2.0 a second, 30 s left, 2 failed; sessions 12+8");
}

TEST(BatchProgressTest, TellsLongTimesInMinutesAndHours) {
  EXPECT_EQ(duration_text(std::chrono::seconds(59)), "59 s");
  EXPECT_EQ(duration_text(std::chrono::seconds(200)), "3 min 20 s");
  EXPECT_EQ(duration_text(std::chrono::minutes(125)), "2 h 5 min");
}

TEST(BatchReportTest, TellsTimesInUtc) {
  EXPECT_EQ(time_text(1'700'000'000'123), "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(time_text(0), "");
}

TEST(BatchReportTest, CountsOnlyTheStagesThatRowsHave) {
  batch::LedgerCount count;
  count.total = 3;
  count.written = 2;
  count.planned = 1;
  EXPECT_EQ(ledger_count_text(count), "3 rows: 2 written, 1 planned");
}

TEST(TarTextTest, IsBlocksWithNameSizeAndChecksum) {
  const std::string entry = tar_entry("a.csr", "hello", 1);
  ASSERT_EQ(entry.size(), 1024U);
  EXPECT_EQ(entry.substr(0, 6), std::string("a.csr\0", 6));
  EXPECT_EQ(entry.substr(124, 11), "00000000005");
  EXPECT_EQ(entry.substr(257, 5), "ustar");
  EXPECT_EQ(entry.substr(512, 5), "hello");
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i) sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(entry[i]);
  EXPECT_EQ(std::stoul(entry.substr(148, 6), nullptr, 8), sum);
}

TEST(TarTextTest, PutsALongNameIntoAHeaderOfItsOwn) {
  const std::string name(150, 'x');
  const std::string entry = tar_entry(name, "", 1);
  EXPECT_EQ(entry[156], 'x');
  EXPECT_THAT(entry, HasSubstr("160 path=" + name + "\n"));
}

}  // namespace
}  // namespace p11csr::cli
