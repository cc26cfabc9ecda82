#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/workflow/enroll_fixture.hpp"

namespace p11csr::workflow {
namespace {

using enum DeskAnswer;
using test::card_with_pin;
using testing::ElementsAre;
using testing::IsEmpty;

const Error kPulled(Errc::token_failed, "the token was removed", "", "C_GenerateKeyPair: CKR_DEVICE_REMOVED, 0x32");

/// The keys of all cards have one place, as on PIV cards.
class EnrollPlaceTest : public test::EnrollFixture {
 protected:
  EnrollPlaceTest() {
    composer.id = Bytes{1};
    put_on_roster({"anna"});
    station.put_in(card_with_pin("1"));
  }
};

TEST_F(EnrollPlaceTest, GoesOnWithWhatIsInThePlaceThatWasFreeBefore) {
  station.put_in(card_with_pin("1"));
  station.fail("request", kPulled, true);
  EXPECT_EQ(run().finished.size(), 1U);
  EXPECT_THAT(station.ids, ElementsAre("01", "01"));
  EXPECT_THAT(station.if_exists, ElementsAre(IfExists::refuse, IfExists::resume));
}

TEST_F(EnrollPlaceTest, NeverTakesForItsOwnWhatWasInThePlaceBefore) {
  station.fail("look", Error(Errc::key_exists, "a key has the ID 01"));
  desk.answers = {retry};
  static_cast<void>(run());
  EXPECT_THAT(station.if_exists, ElementsAre(IfExists::refuse, IfExists::refuse));
}

TEST_F(EnrollPlaceTest, WritesDownNoPlanForACardThatWasPulledOutBeforeItsPlaceWasLookedAt) {
  station.put_in(card_with_pin("1"));
  station.fail("look", kPulled, true);
  EXPECT_EQ(run().finished.size(), 1U);
  EXPECT_THAT(station.if_exists, ElementsAre(IfExists::refuse, IfExists::refuse));
}

TEST_F(EnrollPlaceTest, AsksBeforeAnythingIsReplaced) {
  options.replace_keys = true;
  station.in_slot = {"pkcs11:id=%01;type=private"};
  EXPECT_EQ(run().finished.size(), 1U);
  ASSERT_FALSE(desk.asked.empty());
  EXPECT_NE(desk.asked.back().text.find("replace for ever what is there, pkcs11:id=%01;type=private?"),
            std::string::npos);
}

TEST_F(EnrollPlaceTest, ReplacesNothingThatWasNotGivenUp) {
  options.replace_keys = true;
  station.in_slot = {"pkcs11:id=%01;type=private"};
  desk.answers = {skip};
  const auto summary = run();
  EXPECT_THAT(summary.finished, IsEmpty());
  EXPECT_EQ(stage_of("1"), EnrollStage::assigned);
  EXPECT_EQ(journal.last[0].key_id, "");
}

TEST_F(EnrollPlaceTest, AsksAgainWhereWhatWasToBeReplacedMayStillBeThere) {
  options.replace_keys = true;
  station.in_slot = {"pkcs11:id=%01;type=private"};
  station.put_in(card_with_pin("1"));
  station.fail("request", kPulled, true);
  EXPECT_EQ(run().finished.size(), 1U);
  EXPECT_THAT(station.if_exists, ElementsAre(IfExists::refuse, IfExists::refuse));
}

}  // namespace
}  // namespace p11csr::workflow
