#pragma once

#include <gtest/gtest.h>

#include "unit/workflow/scripted_desk.hpp"

namespace p11csr::test {

/// EnrollFixture is a session with everything in memory: a roster, a reader, a desk that answers as told.
class EnrollFixture : public testing::Test {
 protected:
  EnrollFixture() {
    options.card_label = [](std::size_t number) { return "card-" + std::to_string(number); };
    options.certificate = [](const workflow::CardRecord& record, const std::function<bool()>& called) {
      return called() ? std::nullopt : std::optional<std::string>("certificate of " + record.key_label);
    };
    options.composer = &composer;
    options.files = &files;
    options.journal = &journal;
    options.station = &station;
    options.desk = &desk;
  }

  void put_on_roster(const std::vector<std::string>& names) {
    options.has_roster = true;
    for (const std::string& name : names) options.roster.push_back(person(name));
  }

  workflow::EnrollSummary run() { return workflow::enroll(options); }
  [[nodiscard]] workflow::EnrollStage stage_of(const std::string& serial) const {
    return journal.find({"", "", serial})->stage;
  }

  NameComposer composer;
  MemoryFiles files;
  MemoryJournal journal;
  FakeStation station;
  ScriptedDesk desk;
  workflow::EnrollOptions options;
};

}  // namespace p11csr::test
