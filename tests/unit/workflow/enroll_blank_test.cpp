#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/workflow/enroll_fixture.hpp"

namespace p11csr::workflow {
namespace {

using enum DeskAnswer;
using test::blank_card;
using test::card_with_pin;
using EnrollBlankTest = test::EnrollFixture;
using testing::ElementsAre;

const Error kPulled(Errc::token_failed, "the token was removed", "", "C_InitPIN: CKR_DEVICE_REMOVED, 0x32");

TEST_F(EnrollBlankTest, NamesACardThatWasPulledOutWhileItWasInitialised) {
  put_on_roster({"anna", "bert"});
  desk.new_pin_file = "pins/card-1.pin";
  station.put_in(blank_card());
  station.fail("look at the new card", kPulled, true);
  const auto summary = run();
  ASSERT_EQ(summary.unfinished.size(), 1U);
  EXPECT_EQ(summary.unfinished[0].label, "card-1");
  EXPECT_EQ(summary.unfinished[0].pin_file, "pins/card-1.pin");
  EXPECT_EQ(summary.unfinished[0].stage, EnrollStage::initialising);
  EXPECT_TRUE(summary.last_problem);
  ASSERT_EQ(journal.last.size(), 1U);
  EXPECT_NE(journal.last[0].problem.find("CKR_DEVICE_REMOVED"), std::string::npos);
}

TEST_F(EnrollBlankTest, GivesTheNextCardAnotherLabel) {
  put_on_roster({"anna", "bert"});
  for (const char* work : {"login of the officer", "look at the new card"}) {
    station.put_in(blank_card());
    station.fail(work, kPulled, true);
  }
  station.put_in(blank_card());
  const auto summary = run();
  ASSERT_EQ(summary.unfinished.size(), 2U);
  ASSERT_EQ(summary.finished.size(), 1U);
  EXPECT_EQ(summary.unfinished[0].label, "card-1");
  EXPECT_EQ(summary.unfinished[1].label, "card-2");
  EXPECT_EQ(summary.finished[0].label, "card-3");
}

TEST_F(EnrollBlankTest, GoesOnInALaterSessionWithThePinThatTheCardGot) {
  put_on_roster({"anna"});
  desk.new_pin_file = "pins/card-1.pin";
  station.put_in(blank_card());
  station.fail("look at the new card", kPulled, true);
  static_cast<void>(run());
  station.put_in(*station.taken_out);
  const auto summary = run();
  ASSERT_EQ(summary.finished.size(), 1U);
  EXPECT_EQ(summary.finished[0].card.serial, "new-1");
  EXPECT_TRUE(desk.was_told("goes on where it stood: initialising"));
  EXPECT_EQ(station.pins_known, 1);
  EXPECT_EQ(journal.last.size(), 1U);
}

TEST_F(EnrollBlankTest, SetsThePinOfACardThatWasPulledOutBeforeItGotOne) {
  put_on_roster({"anna"});
  desk.new_pin_file = "pins/card-1.pin";
  station.put_in(blank_card());
  station.fail("login of the officer", kPulled, true);
  static_cast<void>(run());
  EXPECT_EQ(journal.last.at(0).pin_file, "");
  station.put_in(*station.taken_out);
  EXPECT_EQ(run().finished.size(), 1U);
  EXPECT_EQ(desk.pins_set, 1);
  EXPECT_EQ(journal.last.size(), 1U);
}

TEST_F(EnrollBlankTest, SetsThePinOfACardThatIsStillThere) {
  put_on_roster({"anna"});
  station.put_in(blank_card());
  station.fail("login of the officer", kPulled);
  desk.answers = {go_on, retry};
  EXPECT_EQ(run().finished.size(), 1U);
  EXPECT_FALSE(desk.was_told("was taken out"));
  EXPECT_EQ(journal.last.size(), 1U);
}

TEST_F(EnrollBlankTest, SaysThatItWasInterruptedWhileACardWasInitialised) {
  put_on_roster({"anna"});
  station.put_in(blank_card());
  station.fail("look at the new card", Error(Errc::interrupted, "Ctrl-C"));
  const auto summary = run();
  EXPECT_TRUE(summary.interrupted);
  ASSERT_EQ(summary.unfinished.size(), 1U);
  EXPECT_EQ(summary.unfinished[0].label, "card-1");
}

TEST_F(EnrollBlankTest, TakesBackWhatItSaidOfACardThatRefusedAndIsBlank) {
  put_on_roster({"anna"});
  station.put_in(blank_card());
  station.put_in(blank_card());
  station.fail("initialise", Error(Errc::pin_incorrect, "the token refused the SO PIN"));
  desk.answers = {go_on, skip};
  const auto summary = run();
  EXPECT_TRUE(summary.unfinished.empty());
  ASSERT_EQ(summary.finished.size(), 1U);
  EXPECT_EQ(summary.finished[0].label, "card-1");
  EXPECT_EQ(desk.pins_not_set, 1);
}

TEST_F(EnrollBlankTest, ForgetsATryThatFailedOnceABlankCardComesAgain) {
  put_on_roster({"anna"});
  station.put_in(blank_card());
  station.put_in(blank_card());
  station.fail("initialise", Error(Errc::token_failed, "the token was removed", "", "C_InitToken: CKR_DEVICE_REMOVED"),
               true);
  const auto summary = run();
  EXPECT_TRUE(summary.unfinished.empty());
  ASSERT_EQ(summary.finished.size(), 1U);
  EXPECT_EQ(summary.finished[0].label, "card-2");
  EXPECT_EQ(journal.last.size(), 1U);
}

TEST_F(EnrollBlankTest, KeepsTheLabelOfACardThatIsTriedAgain) {
  put_on_roster({"anna"});
  station.put_in(blank_card());
  station.fail("initialise", Error(Errc::token_failed, "no"));
  desk.answers = {go_on, retry};
  const auto summary = run();
  ASSERT_EQ(summary.finished.size(), 1U);
  EXPECT_EQ(summary.finished[0].label, "card-1");
}

TEST_F(EnrollBlankTest, RefusesToGiveTheLabelOfAnUnfinishedCardToAnother) {
  put_on_roster({"anna", "bert"});
  options.card_label = [](std::size_t /*unused*/) { return "staff"; };
  station.put_in(blank_card());
  station.fail("look at the new card", kPulled, true);
  station.put_in(blank_card());
  desk.answers = {go_on, go_on, stop};
  const auto summary = run();
  EXPECT_TRUE(desk.was_told("may have the label 'staff' already"));
  EXPECT_EQ(summary.unfinished.size(), 1U);
}

TEST_F(EnrollBlankTest, GivesAllCardsOneLabelWhereThatIsWanted) {
  put_on_roster({"anna", "bert"});
  options.card_label = [](std::size_t /*unused*/) { return "staff"; };
  station.put_in(blank_card());
  station.put_in(blank_card());
  EXPECT_EQ(run().finished.size(), 2U);
  EXPECT_EQ(journal.last.size(), 2U);
}

TEST_F(EnrollBlankTest, WritesDownTheFileOfANewPinBeforeACardGetsIt) {
  put_on_roster({"anna"});
  auto card = card_with_pin("1");
  card.user_pin_initialized = false;
  desk.new_pin_file = "pins/card.pin";
  station.put_in(card);
  station.fail("set_pin", kPulled, true);
  const auto summary = run();
  ASSERT_EQ(summary.unfinished.size(), 1U);
  EXPECT_EQ(summary.unfinished[0].pin_file, "pins/card.pin");
  EXPECT_EQ(stage_of("1"), EnrollStage::initialising);
}

}  // namespace
}  // namespace p11csr::workflow
