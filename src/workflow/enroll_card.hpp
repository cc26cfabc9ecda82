#pragma once

#include <optional>
#include <string>
#include <vector>

#include <p11csr/workflow/enroll.hpp>

namespace p11csr::workflow {

/// EnrollEnd is how the work on one card ended; left_alone is one that was finished before.
enum class EnrollEnd { finished, left_alone, set_aside, taken_out, stopped };

/// CardEnrollment is the work on one card: steps, each of which leads to the next one and can be tried again. What is
/// reached is written into the journal before the next step begins.
class CardEnrollment {
 public:
  CardEnrollment(const EnrollOptions& options, TokenInfo card);

  /// run takes the card as far as it goes. Throws Error(file_failed) where the journal cannot be written.
  [[nodiscard]] EnrollEnd run();

  [[nodiscard]] const CardRecord& record() const noexcept { return record_; }
  /// card is the card as it is now: initialising gives it another label, and some a serial number.
  [[nodiscard]] const TokenInfo& card() const noexcept { return card_; }
  [[nodiscard]] const std::optional<Error>& problem() const noexcept { return problem_; }

 private:
  [[nodiscard]] EnrollStep perform(EnrollStep step);
  [[nodiscard]] EnrollStep recognise();
  [[nodiscard]] EnrollStep recognise_known();
  /// start_again begins another round for the same person; the keys of earlier ones stay on the card.
  [[nodiscard]] EnrollStep start_again();
  [[nodiscard]] EnrollStep recognise_blank();
  /// recognise_pin goes on with a card whose user PIN is known, or whose holder knows it; else sets one.
  [[nodiscard]] EnrollStep recognise_pin();
  [[nodiscard]] EnrollStep initialise();
  [[nodiscard]] EnrollStep set_pin();
  [[nodiscard]] std::string label_to_give() const;
  /// take_back_what_failed strikes out tries at C_InitToken that failed with a card like this one, which is blank.
  void take_back_what_failed() const;
  /// new_pin asks the desk for a PIN, and remembers its file.
  [[nodiscard]] Secret new_pin(TokenInfo card);
  [[nodiscard]] EnrollStep choose_person();
  [[nodiscard]] EnrollStep take_person(const Person& person);
  [[nodiscard]] EnrollStep ask_fields();
  [[nodiscard]] std::optional<DeskAnswer> ask_field(const std::string& name, RequestComposer::Fields& fields) const;
  [[nodiscard]] EnrollStep request();
  void plan_key(GenerateKey& wanted);
  [[nodiscard]] EnrollStep after_request(const RequestReport& report);
  [[nodiscard]] EnrollStep certificate();
  [[nodiscard]] EnrollStep install();

  [[nodiscard]] EnrollStep after_error(EnrollStep step, const Error& error);
  [[nodiscard]] EnrollStep follow(EnrollStep step, DeskAnswer answer);
  [[nodiscard]] EnrollStep end_with(EnrollEnd end);
  /// is_there looks for the card, and takes in how it is now.
  [[nodiscard]] bool is_there();
  /// take_back strikes out that the card is being initialised, where it is as blank as before.
  void take_back_where_untouched(Errc code);
  /// free_people are those who have no finished card; those with an unfinished one, which may be lost, come last.
  [[nodiscard]] std::vector<Person> free_people() const;
  [[nodiscard]] std::optional<CardIdentity> newer_card() const;

  void reach(EnrollStage stage);
  void tell(EnrollStep step, const std::string& text) const { options_.desk->tell(step, text); }
  [[nodiscard]] DeskAnswer ask(EnrollStep step, const std::string& text, std::vector<DeskAnswer> answers) const {
    return options_.desk->choose({step, text, std::move(answers)});
  }

  const EnrollOptions& options_;
  TokenInfo card_;
  CardRecord record_;
  bool asks_all_fields_ = false;  // those that have a value too
  EnrollEnd end_ = EnrollEnd::finished;
  std::optional<Error> problem_;
};

/// card_text is "the card 'LABEL' (serial N)".
[[nodiscard]] std::string card_text(const TokenInfo& card);
/// error_text is an error in one line: what, call, hint.
[[nodiscard]] std::string error_text(const Error& error);
/// known_record is what the journal says of a card, if anything.
[[nodiscard]] std::optional<CardRecord> known_record(const EnrollJournal& journal, const TokenInfo& card);
/// new_record is that of a card that was not seen before.
[[nodiscard]] CardRecord new_record(const TokenInfo& card);
/// is_about_content tells what another try of the same cannot help, but other fields can.
[[nodiscard]] bool is_about_content(Errc code);

/// is_finished tells whether nothing is left to do for a card: with a CA once the certificate is on it, else once its
/// request is made.
[[nodiscard]] bool is_finished(const EnrollOptions& options, const CardRecord& record);
/// is_served tells whether a person has a finished card.
[[nodiscard]] bool is_served(const EnrollOptions& options, const std::vector<CardRecord>& records,
                             const Person& person);

}  // namespace p11csr::workflow
