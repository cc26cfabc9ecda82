#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/workflow/enroll_fixture.hpp"

namespace p11csr::workflow {
namespace {

using enum DeskAnswer;
using test::blank_card;
using EnrollTest = test::EnrollFixture;
using test::card_with_pin;
using test::person;
using testing::ElementsAre;

const Error kPulled(Errc::token_failed, "the token was removed", "", "C_Sign: CKR_DEVICE_REMOVED, 0x32");

TEST_F(EnrollTest, TakesABlankCardToItsInstalledCertificate) {
  put_on_roster({"anna"});
  station.put_in(blank_card());
  const auto summary = run();
  ASSERT_EQ(summary.finished.size(), 1U);
  EXPECT_TRUE(summary.unfinished.empty());
  EXPECT_FALSE(summary.interrupted);
  EXPECT_EQ(summary.people_left, 0U);
  EXPECT_EQ(summary.finished[0].label, "card-1");
  EXPECT_THAT(station.installed, ElementsAre("certificate of key-anna"));
  EXPECT_EQ(desk.pins_set, 1);
  EXPECT_THAT(journal.stages,
              ElementsAre(EnrollStage::initialising, EnrollStage::prepared, EnrollStage::assigned, EnrollStage::planned,
                          EnrollStage::requested, EnrollStage::certified, EnrollStage::installed));
}

TEST_F(EnrollTest, ServesTheRosterOneCardAfterTheOtherAndThenEnds) {
  put_on_roster({"anna", "bert", "cato"});
  for (const char* serial : {"1", "2", "3"}) station.put_in(card_with_pin(serial));
  EXPECT_EQ(run().finished.size(), 3U);
  EXPECT_THAT(station.labels, ElementsAre("key-anna", "key-bert", "key-cato"));
  EXPECT_EQ(station.forgotten, 3);
}

TEST_F(EnrollTest, AsksForTheFieldsWhereThereIsNoRoster) {
  station.put_in(card_with_pin("1"));
  desk.fields["name"] = {"anna"};
  EXPECT_EQ(run().finished.size(), 1U);
  EXPECT_THAT(station.labels, ElementsAre("key-anna"));
}

TEST_F(EnrollTest, JudgesAFieldWhenItIsTyped) {
  station.put_in(card_with_pin("1"));
  desk.fields["name"] = {"a\nb", "anna"};
  EXPECT_EQ(run().finished.size(), 1U);
  ASSERT_EQ(desk.fields_asked.size(), 2U);
  EXPECT_EQ(desk.fields_asked[0].objection, "");
  EXPECT_NE(desk.fields_asked[1].objection, "");
  EXPECT_THAT(station.labels, ElementsAre("key-anna"));
}

TEST_F(EnrollTest, GivesACardToThePersonItIsMeantFor) {
  put_on_roster({"anna", "bert"});
  options.roster[1].card = "2";
  station.put_in(card_with_pin("2"));
  EXPECT_EQ(run().people_left, 1U);
  EXPECT_THAT(station.labels, ElementsAre("key-bert"));
}

TEST_F(EnrollTest, WritesDownLabelAndIdBeforeTheKeyIsMade) {
  put_on_roster({"anna"});
  station.put_in(card_with_pin("1"));
  station.fail("request", kPulled, true);
  const auto summary = run();
  ASSERT_EQ(summary.unfinished.size(), 1U);
  EXPECT_EQ(stage_of("1"), EnrollStage::planned);
  EXPECT_EQ(journal.last[0].key_label, "key-anna");
  EXPECT_EQ(journal.last[0].key_id, station.ids[0]);
  EXPECT_NE(journal.last[0].problem.find("CKR_DEVICE_REMOVED"), std::string::npos);
}

TEST_F(EnrollTest, GoesOnWithTheSameKeyWhenACardThatWasPulledOutComesAgain) {
  put_on_roster({"anna"});
  station.put_in(card_with_pin("1"));
  station.put_in(card_with_pin("1"));
  station.fail("request", kPulled, true);
  const auto summary = run();
  EXPECT_EQ(summary.finished.size(), 1U);
  EXPECT_TRUE(summary.unfinished.empty());
  ASSERT_EQ(station.ids.size(), 2U);
  EXPECT_EQ(station.ids[0], station.ids[1]);
  EXPECT_TRUE(desk.was_told("was taken out"));
  EXPECT_TRUE(desk.was_told("goes on where it stood: planned, for anna"));
}

TEST_F(EnrollTest, DoesNotRequestTwiceWhenTheCertificateCouldNotBeInstalled) {
  put_on_roster({"anna"});
  station.put_in(card_with_pin("1"));
  station.put_in(card_with_pin("1"));
  station.fail("install", kPulled, true);
  EXPECT_EQ(run().finished.size(), 1U);
  EXPECT_EQ(station.labels.size(), 1U);
  EXPECT_EQ(station.installed.size(), 1U);
}

TEST_F(EnrollTest, ContinuesInALaterSession) {
  put_on_roster({"anna", "bert"});
  options.certificate = [this](const CardRecord& /*unused*/, const std::function<bool()>& called) {
    desk.called = true;
    EXPECT_TRUE(called());
    desk.called = false;
    return std::optional<std::string>();
  };
  station.put_in(card_with_pin("1"));
  desk.answers = {stop};
  EXPECT_EQ(run().unfinished.size(), 1U);
  EXPECT_EQ(stage_of("1"), EnrollStage::requested);

  options.certificate = [](const CardRecord& /*unused*/, const std::function<bool()>& /*unused*/) {
    return std::optional<std::string>("certificate");
  };
  station.in_reader.reset();
  station.put_in(card_with_pin("1"));
  EXPECT_EQ(run().people_left, 1U);
  EXPECT_EQ(stage_of("1"), EnrollStage::installed);
  EXPECT_EQ(station.labels.size(), 1U);
}

TEST_F(EnrollTest, AsksWhatToDoWithAWrongPinAndTriesAgainOnlyWhenTold) {
  put_on_roster({"anna"});
  station.put_in(card_with_pin("1"));
  station.fail("request", Error(Errc::pin_incorrect, "the token refused the PIN"));
  desk.answers = {retry};
  EXPECT_EQ(run().finished.size(), 1U);
  ASSERT_EQ(desk.asked.size(), 1U);
  EXPECT_THAT(desk.asked[0].answers, ElementsAre(retry, unblock, skip, stop));
}

TEST_F(EnrollTest, UnblocksALockedPin) {
  put_on_roster({"anna"});
  auto locked = card_with_pin("1");
  locked.user_pin_locked = true;
  station.put_in(locked);
  EXPECT_EQ(run().finished.size(), 1U);
  EXPECT_EQ(desk.pins_set, 1);
  EXPECT_THAT(desk.asked[0].answers, ElementsAre(unblock, skip, stop));
}

TEST_F(EnrollTest, NeverOffersAnotherTryAtTheFinalOne) {
  put_on_roster({"anna"});
  station.put_in(card_with_pin("1"));
  station.fail("request", Error(Errc::pin_final_try, "one try is left"));
  desk.answers = {skip};
  const auto summary = run();
  EXPECT_THAT(desk.asked[0].answers, ElementsAre(unblock, skip, stop));
  ASSERT_EQ(summary.unfinished.size(), 1U);
  ASSERT_TRUE(summary.last_problem);
}

TEST_F(EnrollTest, OffersNothingToUnblockWhereTheSecurityOfficerIsLocked) {
  put_on_roster({"anna"});
  auto locked = card_with_pin("1");
  locked.user_pin_locked = true;
  station.put_in(locked);
  station.fail("set_pin", Error(Errc::pin_locked, "the SO PIN is locked"));
  desk.answers = {unblock, skip};
  static_cast<void>(run());
  ASSERT_EQ(desk.asked.size(), 2U);
  EXPECT_THAT(desk.asked[1].answers, ElementsAre(retry, skip, stop));
}

TEST_F(EnrollTest, SignsNothingThatWasNotApproved) {
  put_on_roster({"anna"});
  station.put_in(card_with_pin("1"));
  desk.approvals = {skip};
  const auto summary = run();
  EXPECT_EQ(summary.unfinished.size(), 1U);
  EXPECT_EQ(stage_of("1"), EnrollStage::assigned);
  EXPECT_TRUE(files.requests.empty());
  EXPECT_EQ(journal.last[0].key_label, "");
}

TEST_F(EnrollTest, KeepsTheKeyOfAnEarlierPlanWhereItsRequestIsNotApproved) {
  put_on_roster({"anna"});
  station.put_in(card_with_pin("1"));
  station.put_in(card_with_pin("1"));
  station.put_in(card_with_pin("1"));
  station.fail("request", kPulled, true);
  desk.approvals = {skip};
  EXPECT_EQ(run().finished.size(), 1U);
  ASSERT_EQ(station.ids.size(), 3U);
  EXPECT_EQ(station.ids[0], station.ids[2]);
  EXPECT_EQ(station.if_exists[2], IfExists::resume);
}

TEST_F(EnrollTest, AsksTheCaOnceHoweverOftenTheDeskLooksUp) {
  put_on_roster({"anna"});
  station.put_in(card_with_pin("1"));
  int asked = 0;
  options.certificate = [&](const CardRecord& /*unused*/, const std::function<bool()>& called) {
    ++asked;
    desk.called = true;
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(called());
    desk.called = false;
    return std::optional<std::string>("certificate");
  };
  desk.answers = {go_on, go_on, go_on};
  EXPECT_EQ(run().finished.size(), 1U);
  EXPECT_EQ(asked, 1);
}

TEST_F(EnrollTest, EndsInGoodOrderWhereItIsInterruptedAtAQuestion) {
  put_on_roster({"anna"});
  station.put_in(card_with_pin("1"));
  station.fail("request", kPulled);
  desk.interrupted_at = 1;
  const auto summary = run();
  EXPECT_TRUE(summary.interrupted);
  ASSERT_EQ(summary.unfinished.size(), 1U);
  EXPECT_EQ(stage_of("1"), EnrollStage::planned);
}

TEST_F(EnrollTest, AsksForTheFieldsAgainWhereTheyAreToBeChanged) {
  station.put_in(card_with_pin("1"));
  desk.fields["name"] = {"ana", "anna"};
  desk.approvals = {change};
  EXPECT_EQ(run().finished.size(), 1U);
  ASSERT_EQ(desk.fields_asked.size(), 2U);
  EXPECT_EQ(desk.fields_asked[1].current, "ana");
  EXPECT_THAT(station.labels, ElementsAre("key-ana", "key-anna"));
}

TEST_F(EnrollTest, RefusesARequestsFileThatIsTakenBeforeAKeyIsMade) {
  put_on_roster({"anna"});
  files.requests["key-anna"] = "of somebody else";
  station.put_in(card_with_pin("1"));
  desk.answers = {skip};
  EXPECT_EQ(run().unfinished.size(), 1U);
  EXPECT_TRUE(station.labels.empty());
  EXPECT_EQ(files.requests["key-anna"], "of somebody else");
}

TEST_F(EnrollTest, LeavesACardAloneThatIsEnrolledAlready) {
  put_on_roster({"anna", "bert"});
  station.put_in(card_with_pin("1"));
  station.put_in(card_with_pin("1"));
  station.put_in(card_with_pin("2"));
  EXPECT_EQ(run().finished.size(), 2U);
  EXPECT_THAT(station.labels, ElementsAre("key-anna", "key-bert"));
  EXPECT_THAT(desk.asked.at(0).answers, ElementsAre(skip, again, stop));
}

TEST_F(EnrollTest, CountsACardThatAnEarlierSessionFinishedForThatOne) {
  put_on_roster({"anna", "bert"});
  station.put_in(card_with_pin("1"));
  EXPECT_EQ(run().finished.size(), 1U);
  station.in_reader.reset();
  station.put_in(card_with_pin("1"));
  station.put_in(card_with_pin("2"));
  const auto summary = run();
  ASSERT_EQ(summary.finished.size(), 1U);
  EXPECT_EQ(summary.finished[0].card.serial, "2");
}

TEST_F(EnrollTest, EnrolsACardAgainWhenTold) {
  station.put_in(card_with_pin("1"));
  station.put_in(card_with_pin("1"));
  desk.fields["name"] = {"anna"};
  desk.answers = {again};
  EXPECT_EQ(run().finished.size(), 1U);
  ASSERT_EQ(station.ids.size(), 2U);
  EXPECT_NE(station.ids[0], station.ids[1]);
  EXPECT_THAT(station.labels, ElementsAre("key-anna", "key-anna-2"));
}

TEST_F(EnrollTest, PutsACardAsideAndGoesOnWithTheNext) {
  put_on_roster({"anna"});
  station.put_in(blank_card());
  station.put_in(card_with_pin("2"));
  desk.answers = {skip};
  EXPECT_EQ(run().finished.size(), 1U);
  EXPECT_EQ(stage_of("2"), EnrollStage::installed);
}

TEST_F(EnrollTest, GivesAnotherCardToSomebodyWhoseCardIsLost) {
  put_on_roster({"anna", "bert"});
  station.put_in(card_with_pin("1"));
  station.put_in(card_with_pin("2"));
  station.fail("request", kPulled);
  desk.answers = {skip};
  desk.people = {0, 1};
  EXPECT_EQ(run().people_left, 1U);
  EXPECT_EQ(journal.find({"", "", "2"})->person, "anna");

  journal.last[0].when = "2026-01-01T00:00:00Z";
  journal.last[1].when = "2026-01-02T00:00:00Z";
  station.in_reader.reset();
  station.put_in(card_with_pin("1"));
  EXPECT_EQ(run().people_left, 0U);
  EXPECT_TRUE(desk.was_told("anna has another card since: 2"));
  EXPECT_EQ(journal.find({"", "", "1"})->person, "bert");
}

TEST_F(EnrollTest, ForgetsAProblemThatWasOvercome) {
  put_on_roster({"anna", "bert"});
  for (const char* serial : {"1", "1", "2"}) station.put_in(card_with_pin(serial));
  station.fail("request", kPulled, true);
  desk.approvals = {go_on, skip};
  const auto summary = run();
  EXPECT_EQ(summary.finished.size(), 1U);
  EXPECT_EQ(summary.unfinished.size(), 1U);
  EXPECT_FALSE(summary.last_problem);
}

TEST_F(EnrollTest, StopsWhereTheDeskIsCalledWhileItWaitsForACard) {
  put_on_roster({"anna"});
  desk.called = true;
  desk.answers = {stop};
  const auto summary = run();
  EXPECT_EQ(summary.people_left, 1U);
  EXPECT_FALSE(summary.interrupted);
}

TEST_F(EnrollTest, EndsWithoutACaOnceTheRequestIsWritten) {
  put_on_roster({"anna"});
  options.certificate = {};
  station.put_in(card_with_pin("1"));
  EXPECT_EQ(run().finished.size(), 1U);
  EXPECT_EQ(stage_of("1"), EnrollStage::requested);
  EXPECT_EQ(files.requests.size(), 1U);
}

TEST_F(EnrollTest, EndsInGoodOrderWhereItIsInterruptedWhileItWaitsForACard) {
  put_on_roster({"anna", "bert"});
  station.put_in(card_with_pin("1"));
  const auto summary = run();
  EXPECT_TRUE(summary.interrupted);
  EXPECT_EQ(summary.finished.size(), 1U);
  EXPECT_EQ(summary.people_left, 1U);
}

TEST_F(EnrollTest, NamesTheCardsThatAnEarlierSessionLeftUnfinished) {
  put_on_roster({"anna", "bert"});
  station.put_in(card_with_pin("1"));
  station.fail("request", kPulled, true);
  static_cast<void>(run());
  desk.called = true;
  desk.answers = {stop};
  auto summary = run();
  EXPECT_TRUE(summary.unfinished.empty());
  ASSERT_EQ(summary.left_over.size(), 1U);
  EXPECT_EQ(summary.left_over[0].stage, EnrollStage::planned);
  EXPECT_FALSE(summary.last_problem);

  desk.called = false;
  desk.people = {1};
  station.put_in(card_with_pin("2"));
  summary = run();
  EXPECT_EQ(journal.find({"", "", "2"})->person, "anna");
  EXPECT_TRUE(summary.left_over.empty());
}

TEST_F(EnrollTest, SaysThatItWasInterrupted) {
  put_on_roster({"anna"});
  station.put_in(card_with_pin("1"));
  station.fail("request", Error(Errc::interrupted, "Ctrl-C"));
  const auto summary = run();
  EXPECT_TRUE(summary.interrupted);
  EXPECT_EQ(summary.unfinished.size(), 1U);
  EXPECT_EQ(stage_of("1"), EnrollStage::planned);
}

}  // namespace
}  // namespace p11csr::workflow
