#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <p11csr/batch/ledger.hpp>
#include <p11csr/model/error.hpp>

namespace p11csr::batch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Planning = Ledger::Planning;

PlannedRow row(const std::string& label, const Bytes& id = {}) { return {2, label, id, "", "{}", {0x30}, "EC P-256"}; }

/// LedgerTest has a folder for a ledger's file.
class LedgerTest : public testing::Test {
 protected:
  LedgerTest() { std::filesystem::create_directories(folder_); }
  ~LedgerTest() override { std::filesystem::remove_all(folder_); }
  LedgerTest(const LedgerTest&) = delete;
  LedgerTest& operator=(const LedgerTest&) = delete;

  [[nodiscard]] std::string path() const { return (folder_ / "run.ledger").string(); }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("p11csr-ledger-" + std::to_string(getpid()) + "-" +
                                                testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(LedgerTest, KeepsWhatWasCommitted) {
  {
    Ledger ledger = Ledger::open(path());
    ledger.begin_planning();
    EXPECT_EQ(ledger.plan(row("a", {1})), Planning::added);
    EXPECT_EQ(ledger.plan(row("b", {2})), Planning::added);
    ledger.commit();
    ledger.generated(1, "pkcs11:object=a", "spki");
    ledger.is_signed(1, "pkcs11:object=a", "spki", {7, 8}, "hash");
    ledger.failed(2, "the token failed");
    ledger.commit();
    ledger.written(1);
  }
  const Ledger ledger = Ledger::read(path());
  const auto first = ledger.row(1);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->stage, Stage::signed_);  // the last step was not committed
  EXPECT_EQ(first->request, (Bytes{7, 8}));
  EXPECT_EQ(first->plan.id, Bytes{1});
  EXPECT_GT(first->signed_at, 0);
  EXPECT_EQ(ledger.row(2)->error, "the token failed");
  const auto count = ledger.count();
  EXPECT_EQ(count.total, 2U);
  EXPECT_EQ(count.is_signed, 1U);
  EXPECT_EQ(count.planned, 1U);
  EXPECT_EQ(count.failed, 1U);
}

TEST_F(LedgerTest, IsReadableForItsOwnerOnly) {
  const Ledger ledger = Ledger::open(path());
  EXPECT_EQ(std::filesystem::status(path()).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(LedgerTest, TellsRowsThatAreThereFromOthers) {
  Ledger ledger = Ledger::temporary();
  ledger.begin_planning();
  EXPECT_EQ(ledger.plan(row("a", {1})), Planning::added);
  EXPECT_EQ(ledger.plan(row("a", {2})), Planning::label_twice);
  EXPECT_EQ(ledger.plan(row("b", {1})), Planning::id_twice);
  ledger.begin_planning();
  EXPECT_EQ(ledger.plan(row("a", {9})), Planning::there);
  EXPECT_EQ(ledger.row(1)->plan.id, Bytes{1});
  ledger.begin_planning();
  PlannedRow changed = row("a");
  changed.content = {0x31};
  EXPECT_EQ(ledger.plan(changed), Planning::another);
  ledger.begin_planning();
  changed = row("a");
  changed.key = "EC P-384";
  EXPECT_EQ(ledger.plan(changed), Planning::another);
}

TEST_F(LedgerTest, NamesRowsThatAreNotPlannedAnyMore) {
  Ledger ledger = Ledger::temporary();
  ledger.begin_planning();
  for (const char* label : {"a", "b", "c"}) static_cast<void>(ledger.plan(row(label)));
  EXPECT_THAT(ledger.unplanned(5), IsEmpty());
  ledger.begin_planning();
  static_cast<void>(ledger.plan(row("b")));
  EXPECT_THAT(ledger.unplanned(5), ElementsAre("a", "c"));
  EXPECT_THAT(ledger.unplanned(1), ElementsAre("a"));
}

TEST_F(LedgerTest, FindsRowsByLabelIdAndKey) {
  Ledger ledger = Ledger::temporary();
  ledger.begin_planning();
  static_cast<void>(ledger.plan(row("a", {1})));
  PlannedRow existing = row("b");
  existing.selector = "key";
  static_cast<void>(ledger.plan(existing));
  ledger.is_signed(2, "pkcs11:object=key", "spki", {1}, "hash");
  EXPECT_EQ(ledger.row_of_label("b")->number, 2);
  EXPECT_EQ(ledger.row_of_id({1})->number, 1);
  EXPECT_FALSE(ledger.row_of_id({}));
  EXPECT_TRUE(ledger.names_key("pkcs11:object=key"));
  EXPECT_FALSE(ledger.names_key("pkcs11:object=a"));
}

TEST_F(LedgerTest, GivesWhatIsNotWrittenInPages) {
  Ledger ledger = Ledger::temporary();
  ledger.begin_planning();
  for (const char* label : {"a", "b", "c"}) static_cast<void>(ledger.plan(row(label)));
  ledger.written(2);
  const auto first = ledger.rows_after(0, 1, Ledger::Which::unfinished);
  ASSERT_EQ(first.size(), 1U);
  const auto second = ledger.rows_after(first[0].number, 5, Ledger::Which::unfinished);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].plan.label, "c");
  EXPECT_EQ(ledger.rows_after(0, 5, Ledger::Which::all).size(), 3U);
}

TEST_F(LedgerTest, KeepsASettingAsItWasFirst) {
  Ledger ledger = Ledger::temporary();
  EXPECT_EQ(ledger.settle("token", "a"), "a");
  EXPECT_EQ(ledger.settle("token", "b"), "a");
}

TEST_F(LedgerTest, LeavesNoFileWhereNothingWasCommitted) {
  Ledger ledger = Ledger::open(path());
  ledger.begin_planning();
  static_cast<void>(ledger.plan(row("a")));
  ledger.abandon();
  EXPECT_TRUE(std::filesystem::is_empty(std::filesystem::path(path()).parent_path()));
}

TEST_F(LedgerTest, LeavesALinkAndNoFileBehindItWhereNothingWasCommitted) {
  const std::string link = path() + "-link";
  std::filesystem::create_symlink(path(), link);
  Ledger ledger = Ledger::open(link);
  ledger.begin_planning();
  static_cast<void>(ledger.plan(row("a", {1})));
  ledger.abandon();
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_FALSE(std::filesystem::exists(path()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(std::filesystem::path(link).parent_path()), {}), 1);
}

TEST_F(LedgerTest, RefusesWhatIsNoLedger) {
  std::ofstream(path()) << "-----BEGIN CERTIFICATE REQUEST-----, and more than a page would need to be read at once";
  try {
    static_cast<void>(Ledger::read(path()));
    FAIL() << "it was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::malformed_input);
  }
  EXPECT_THROW(static_cast<void>(Ledger::open(path())), Error);
  EXPECT_THROW(static_cast<void>(Ledger::read(path() + "-none")), Error);
}

}  // namespace
}  // namespace p11csr::batch
