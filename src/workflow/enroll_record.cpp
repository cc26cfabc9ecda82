#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/enroll_desk.hpp>
#include <p11csr/workflow/enroll_journal.hpp>

#include "model/quote.hpp"

namespace p11csr::workflow {
namespace {

constexpr std::array<std::pair<std::string_view, EnrollStage>, 8> stages = {{
    {"seen", EnrollStage::seen},
    {"initialising", EnrollStage::initialising},
    {"prepared", EnrollStage::prepared},
    {"assigned", EnrollStage::assigned},
    {"planned", EnrollStage::planned},
    {"requested", EnrollStage::requested},
    {"certified", EnrollStage::certified},
    {"installed", EnrollStage::installed},
}};

}  // namespace

std::string_view stage_name(EnrollStage stage) {
  return std::find_if(stages.begin(), stages.end(), [stage](const auto& each) { return each.second == stage; })->first;
}

EnrollStage parse_stage(std::string_view name) {
  const auto* const found =
      std::find_if(stages.begin(), stages.end(), [name](const auto& each) { return each.first == name; });
  if (found != stages.end()) return found->second;
  throw Error(Errc::malformed_input, fmt::format("there is no stage {} of a card", model::in_quotes(name)));
}

bool takes_place_of(const CardRecord& newer, const CardRecord& older) {
  if (older.stage <= EnrollStage::initialising && older.label == newer.label) return true;
  const bool both_have_identity = std::min(newer.stage, older.stage) > EnrollStage::initialising;
  return (both_have_identity || !newer.card.serial.empty()) && newer.card == older.card;
}

void put_record(std::vector<CardRecord>& records, CardRecord record) {
  const auto is_of_card = [&record](const CardRecord& each) { return takes_place_of(record, each); };
  const auto place = std::find_if(records.begin(), records.end(), is_of_card) - records.begin();
  records.erase(std::remove_if(records.begin(), records.end(), is_of_card), records.end());
  if (record.stage != EnrollStage::seen) records.insert(records.begin() + place, std::move(record));
}

std::string_view step_name(EnrollStep step) {
  switch (step) {
    case EnrollStep::card:
      return "card";
    case EnrollStep::recognise:
      return "recognise";
    case EnrollStep::initialise:
      return "initialise";
    case EnrollStep::set_pin:
      return "PIN";
    case EnrollStep::person:
      return "person";
    case EnrollStep::fields:
      return "fields";
    case EnrollStep::request:
      return "request";
    case EnrollStep::certificate:
      return "certificate";
    case EnrollStep::install:
      return "install";
    case EnrollStep::done:
      return "done";
  }
  throw Error(Errc::unexpected, "a step without a name");
}

std::string_view answer_name(DeskAnswer answer) {
  switch (answer) {
    case DeskAnswer::go_on:
      return "go on";
    case DeskAnswer::retry:
      return "retry";
    case DeskAnswer::change:
      return "change";
    case DeskAnswer::unblock:
      return "unblock";
    case DeskAnswer::again:
      return "again";
    case DeskAnswer::skip:
      return "skip";
    case DeskAnswer::stop:
      return "stop";
  }
  throw Error(Errc::unexpected, "an answer without a name");
}

}  // namespace p11csr::workflow
