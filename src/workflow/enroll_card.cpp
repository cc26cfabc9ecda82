#include "workflow/enroll_card.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace p11csr::workflow {
namespace {

using enum DeskAnswer;

std::vector<DeskAnswer> ways_on(EnrollStep step, Errc code) {
  // There it was the SO PIN, which nothing unblocks.
  const bool as_officer = step == EnrollStep::set_pin || step == EnrollStep::initialise;
  if (code == Errc::pin_incorrect && !as_officer) return {retry, unblock, skip, stop};
  if ((code == Errc::pin_locked || code == Errc::pin_final_try) && !as_officer) return {unblock, skip, stop};
  const bool is_about_label = code == Errc::file_exists || code == Errc::key_exists;
  if (step == EnrollStep::request && (is_about_content(code) || is_about_label)) return {change, retry, skip, stop};
  // The CA does not want this request, or its key is not on the card any more: another round makes both anew.
  if (step == EnrollStep::certificate || step == EnrollStep::install) return {retry, again, skip, stop};
  return {retry, skip, stop};
}

}  // namespace

std::string card_text(const TokenInfo& card) {
  return card.serial.empty() ? fmt::format("the card '{}'", card.label)
                             : fmt::format("the card '{}' (serial {})", card.label, card.serial);
}

std::string error_text(const Error& error) {
  std::string text = error.what();
  if (!error.call().empty()) text += fmt::format(" ({})", error.call());
  if (!error.hint().empty()) text += fmt::format("; {}", error.hint());
  return text;
}

std::optional<CardRecord> known_record(const EnrollJournal& journal, const TokenInfo& card) {
  auto known = card.serial.empty() ? std::nullopt : journal.find(CardIdentity::of(card));
  if (known || !card.initialized) return known;
  for (const CardRecord& each : journal.records())
    if (each.stage == EnrollStage::initialising && each.label == card.label) return each;
  return std::nullopt;
}

CardRecord new_record(const TokenInfo& card) {
  CardRecord record;
  record.card = CardIdentity::of(card);
  record.label = card.label;
  return record;
}

bool is_about_content(Errc code) {
  return code == Errc::malformed_input || code == Errc::not_allowed || code == Errc::usage;
}

bool is_finished(const EnrollOptions& options, const CardRecord& record) {
  return record.stage >= (options.certificate ? EnrollStage::installed : EnrollStage::requested);
}

bool is_served(const EnrollOptions& options, const std::vector<CardRecord>& records, const Person& person) {
  return std::any_of(records.begin(), records.end(), [&](const CardRecord& each) {
    return each.person_key == person.key && is_finished(options, each);
  });
}

CardEnrollment::CardEnrollment(const EnrollOptions& options, TokenInfo card)
    : options_(options), card_(std::move(card)) {
  record_ = known_record(*options_.journal, card_).value_or(new_record(card_));
  if (!card_.initialized) return;
  record_.card = CardIdentity::of(card_);
  record_.label = card_.label;
}

EnrollEnd CardEnrollment::run() {
  EnrollStep step = EnrollStep::recognise;
  while (step != EnrollStep::done) {
    std::optional<Error> failure;
    try {
      step = perform(step);
    } catch (const Error& error) {
      failure = error;
    }
    if (failure) step = after_error(step, *failure);
  }
  options_.station->forget();
  return end_;
}

EnrollStep CardEnrollment::perform(EnrollStep step) {
  switch (step) {
    case EnrollStep::card:
    case EnrollStep::recognise:
      return recognise();
    case EnrollStep::initialise:
      return initialise();
    case EnrollStep::set_pin:
      return set_pin();
    case EnrollStep::person:
      return choose_person();
    case EnrollStep::fields:
      return ask_fields();
    case EnrollStep::request:
      return request();
    case EnrollStep::certificate:
      return certificate();
    case EnrollStep::install:
      return install();
    case EnrollStep::done:
      return EnrollStep::done;
  }
  throw Error(Errc::unexpected, "a step that is none");
}

EnrollStep CardEnrollment::after_error(EnrollStep step, const Error& error) {
  record_.problem = error_text(error);
  problem_ = error;
  if (record_.stage != EnrollStage::seen) options_.journal->write(record_);
  if (error.code() == Errc::interrupted) return end_with(EnrollEnd::stopped);
  try {
    tell(step, record_.problem);
    if (!is_there()) {
      TokenInfo gone = card_;
      if (gone.label.empty()) gone.label = record_.label;
      tell(step, fmt::format("{} was taken out; put in again, it goes on from here", card_text(gone)));
      return end_with(EnrollEnd::taken_out);
    }
    take_back_where_untouched(error.code());
    return follow(step, ask(step, "what now?", ways_on(step, error.code())));
  } catch (const Error& another) {
    if (another.code() != Errc::interrupted) throw;
    problem_ = another;
    return end_with(EnrollEnd::stopped);
  }
}

EnrollStep CardEnrollment::follow(EnrollStep step, DeskAnswer answer) {
  switch (answer) {
    case go_on:
      return step;
    case again:
      return start_again();
    case retry:
      // What a card that was half initialised needs is another step.
      return step == EnrollStep::initialise ? EnrollStep::recognise : step;
    case change:
      asks_all_fields_ = true;
      return EnrollStep::fields;
    case unblock:
      return EnrollStep::set_pin;
    case skip:
      return end_with(EnrollEnd::set_aside);
    case stop:
      return end_with(EnrollEnd::stopped);
  }
  throw Error(Errc::unexpected, "an answer that is none");
}

EnrollStep CardEnrollment::end_with(EnrollEnd end) {
  end_ = end;
  return EnrollStep::done;
}

bool CardEnrollment::is_there() {
  bool there = false;
  static_cast<void>(options_.station->wait([&](const CardStation::Cards& cards) {
    const auto found = std::find_if(cards.begin(), cards.end(), [this](const TokenInfo& each) {
      const bool has_got_label =
          record_.stage == EnrollStage::initialising && each.initialized && each.label == record_.label;
      return has_got_label || CardIdentity::of(each) == CardIdentity::of(card_);
    });
    there = found != cards.end();
    if (there) card_ = *found;
    return true;
  }));
  return there;
}

void CardEnrollment::take_back_where_untouched(Errc code) {
  const bool may_have_worked = code == Errc::token_failed || code == Errc::interrupted;
  if (record_.stage != EnrollStage::initialising || may_have_worked || card_.initialized) return;
  record_.stage = EnrollStage::seen;
  options_.journal->write(record_);
  record_ = new_record(card_);
}

void CardEnrollment::reach(EnrollStage stage) {
  record_.stage = stage;
  record_.problem.clear();
  problem_.reset();
  options_.journal->write(record_);
}

}  // namespace p11csr::workflow
