#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "workflow/enroll_card.hpp"

namespace p11csr::workflow {

using enum DeskAnswer;

EnrollStep CardEnrollment::recognise() {
  if (!card_.initialized) return recognise_blank();
  tell(EnrollStep::recognise, card_text(card_));
  if (const auto other = newer_card()) {
    tell(EnrollStep::recognise, fmt::format("{} has another card since: {}; this one is free for somebody else",
                                            record_.person, other->serial));
    const unsigned round = record_.round + 1;
    record_ = new_record(card_);
    record_.stage = EnrollStage::prepared;
    record_.round = round;
  }
  if (is_finished(options_, record_)) return recognise_known();
  if (record_.stage != EnrollStage::seen)
    tell(EnrollStep::recognise, fmt::format("it goes on where it stood: {}{}", stage_name(record_.stage),
                                            record_.person.empty() ? "" : fmt::format(", for {}", record_.person)));
  return recognise_pin();
}

EnrollStep CardEnrollment::recognise_blank() {
  const std::string which = card_.model.empty() ? "a blank card" : fmt::format("a blank card ({})", card_.model);
  tell(EnrollStep::recognise, which);
  const auto answer = ask(EnrollStep::initialise, "initialise it?", {go_on, skip, stop});
  return answer == go_on ? EnrollStep::initialise : follow(EnrollStep::recognise, answer);
}

EnrollStep CardEnrollment::recognise_pin() {
  const bool has_pin = card_.user_pin_initialized && !card_.user_pin_locked;
  // What was not known when it was pulled out: it has got its PIN.
  if (record_.stage == EnrollStage::initialising && has_pin) reach(EnrollStage::prepared);
  if (card_.protected_authentication_path && record_.stage != EnrollStage::initialising) return EnrollStep::person;
  if (card_.user_pin_locked)
    return follow(
        EnrollStep::recognise,
        ask(EnrollStep::set_pin, "its user PIN is locked; set a new one with the SO PIN?", {unblock, skip, stop}));
  if (!has_pin) {
    const auto answer = ask(EnrollStep::set_pin, "it has no user PIN; set one with the SO PIN?", {go_on, skip, stop});
    return answer == go_on ? EnrollStep::set_pin : follow(EnrollStep::recognise, answer);
  }
  if (!record_.pin_file.empty()) {
    if (auto pin = options_.desk->pin_in(record_.pin_file, card_)) {
      tell(EnrollStep::recognise, fmt::format("its user PIN is taken from '{}'", record_.pin_file));
      options_.station->use_pin(std::move(*pin));
    }
  }
  return EnrollStep::person;
}

EnrollStep CardEnrollment::recognise_known() {
  const auto answer = ask(EnrollStep::recognise,
                          fmt::format("it is enrolled already, for {}, since {}",
                                      record_.person.empty() ? "nobody by name" : record_.person, record_.when),
                          {skip, again, stop});
  if (answer != again) return end_with(answer == stop ? EnrollEnd::stopped : EnrollEnd::left_alone);
  return start_again();
}

EnrollStep CardEnrollment::start_again() {
  CardRecord again_from = new_record(card_);
  again_from.stage = EnrollStage::prepared;
  again_from.person = record_.person;
  again_from.person_key = record_.person_key;
  again_from.fields = record_.fields;
  again_from.round = record_.round + 1;
  record_ = std::move(again_from);
  return EnrollStep::person;
}

// The card that the person got instead of this one, which was lost for a while, or seemed to be broken.
std::optional<CardIdentity> CardEnrollment::newer_card() const {
  if (record_.person_key.empty() || is_finished(options_, record_)) return std::nullopt;
  for (const CardRecord& each : options_.journal->records())
    if (each.person_key == record_.person_key && !(each.card == record_.card) && each.when > record_.when)
      return each.card;
  return std::nullopt;
}

// A card keeps the label of a try that failed; no other card of the journal gets it.
std::string CardEnrollment::label_to_give() const {
  if (record_.stage == EnrollStage::initialising) return record_.label;
  const auto records = options_.journal->records();
  for (std::size_t number = records.size() + 1;; ++number) {
    std::string label = options_.card_label(number);
    const auto holder =
        std::find_if(records.begin(), records.end(), [&label](const CardRecord& each) { return each.label == label; });
    if (holder == records.end()) return label;
    if (label != options_.card_label(number + 1)) continue;
    // All cards are to have one label. It still has to tell the card that is being initialised.
    if (holder->stage > EnrollStage::initialising) return label;
    throw Error(Errc::not_allowed,
                fmt::format("another card that is not finished may have the label '{}' already", label),
                "finish that one first, or let each card have a label of its own: --card-label 'card-{n}'");
  }
}

// A blank card without a serial number may be the one that was pulled out, as blank as before; if it is another one,
// nothing is lost: a card with a label and no PIN is served as one that nobody knows.
void CardEnrollment::take_back_what_failed() const {
  if (!card_.serial.empty()) return;
  auto records = options_.journal->records();
  for (CardRecord& each : records) {
    const bool failed = each.problem.find("(C_InitToken: ") != std::string::npos;
    if (each.stage != EnrollStage::initialising || !failed || !(each.card == CardIdentity::of(card_))) continue;
    each.stage = EnrollStage::seen;
    options_.journal->write(std::move(each));
  }
}

Secret CardEnrollment::new_pin(TokenInfo card) {
  if (!card.initialized) card.label = record_.label;
  Secret pin = options_.desk->new_pin(card);
  record_.pin_file = options_.desk->pin_file();
  return pin;
}

// Label and PIN file are in the journal before the card can have them: one that is pulled out meanwhile, and may have
// another serial number afterwards, is found by its label.
EnrollStep CardEnrollment::initialise() {
  CardRecord next = new_record(card_);
  next.label = label_to_give();
  take_back_what_failed();
  if (record_.stage == EnrollStage::initialising) next.stage = record_.stage;
  record_ = std::move(next);
  bool sent = false;
  const CardSetup setup{record_.label, [this](const TokenInfo& card) { return new_pin(card); },
                        [this] { reach(EnrollStage::initialising); }, [&sent] { sent = true; }};
  try {
    card_ = options_.station->initialise(card_, setup);
  } catch (const Error& error) {
    const Error told = options_.desk->pin_is_not_set(error, sent);
    record_.pin_file = options_.desk->pin_file();
    throw Error(told);
  }
  record_.card = CardIdentity::of(card_);
  record_.label = card_.label;
  reach(EnrollStage::prepared);
  options_.desk->pin_is_set(card_);
  tell(EnrollStep::initialise, fmt::format("initialised as {}", card_text(card_)));
  return EnrollStep::person;
}

EnrollStep CardEnrollment::set_pin() {
  const auto new_pin_in_journal = [this](const TokenInfo& card) {
    Secret pin = new_pin(card);
    reach(std::max(record_.stage, EnrollStage::initialising));
    return pin;
  };
  try {
    card_ = options_.station->set_pin(card_, new_pin_in_journal);
  } catch (const Error& error) {
    const Error told = options_.desk->pin_is_not_set(error, true);
    record_.pin_file = options_.desk->pin_file();
    throw Error(told);
  }
  reach(std::max(record_.stage, EnrollStage::prepared));
  options_.desk->pin_is_set(card_);
  tell(EnrollStep::set_pin, fmt::format("{} has a new user PIN", card_text(card_)));
  return EnrollStep::person;
}

}  // namespace p11csr::workflow
