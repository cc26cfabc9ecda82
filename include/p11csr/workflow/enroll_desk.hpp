#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <p11csr/model/error.hpp>
#include <p11csr/model/secret.hpp>
#include <p11csr/pkcs11/token_info.hpp>
#include <p11csr/workflow/create_request.hpp>

#pragma GCC visibility push(default)
namespace p11csr::workflow {

/// EnrollStep is what a session is at with one card.
enum class EnrollStep { card, recognise, initialise, set_pin, person, fields, request, certificate, install, done };

/// step_name is for people: "request".
[[nodiscard]] std::string_view step_name(EnrollStep step);

/// DeskAnswer is what the person at the desk decides.
enum class DeskAnswer {
  go_on,
  retry,
  change,   // the fields of the request
  unblock,  // set a new user PIN with the SO PIN
  again,    // enrol a finished card once more
  skip,     // put this card aside
  stop,     // end the session
};

/// answer_name is the enumerator's spelling with a space: "go on".
[[nodiscard]] std::string_view answer_name(DeskAnswer answer);

/// DeskQuestion is asked where a session cannot go on by itself; the first answer is the usual one.
struct DeskQuestion {
  EnrollStep step;
  std::string text;
  std::vector<DeskAnswer> answers;
};

/// FieldQuestion asks for one field of the request. `current` is the value so far, `objection` what was wrong with the
/// answer before; empty where there is none.
struct FieldQuestion {
  std::string name;
  std::string current;
  std::string objection;
};

/// Person is one for whom a card is wanted: a row of the roster. `key` tells them from all others, in every session.
/// `card` is the serial number of the card that is meant for them; empty: any.
struct Person {
  std::string key;
  std::string name;
  std::map<std::string, std::string> fields;
  std::string card;
  std::string unfinished_card;  // the label of a card that is theirs and not finished
};

/// Chosen is a person's choice, or, where there is none, what they decided instead: skip or stop.
template <typename Value>
struct Chosen {
  std::optional<Value> value;
  DeskAnswer instead = DeskAnswer::skip;
};

/// EnrollDesk is where a session asks and tells: a terminal, a web page, a script. Every function may throw
/// Error(interrupted), which ends the session in good order.
class EnrollDesk {
 public:
  virtual ~EnrollDesk() = default;

  /// tell says what happened or what to do now, a line.
  virtual void tell(EnrollStep step, const std::string& text) = 0;
  /// choose gives one of the question's answers.
  [[nodiscard]] virtual DeskAnswer choose(const DeskQuestion& question) = 0;
  /// is_called tells that somebody wants a wait to end. It returns at once.
  [[nodiscard]] virtual bool is_called() = 0;

  /// person gives the index of the one who gets the card. `free` is not empty.
  [[nodiscard]] virtual Chosen<std::size_t> person(const std::vector<Person>& free, const TokenInfo& card) = 0;
  /// field gives the value of one field of the request.
  [[nodiscard]] virtual Chosen<std::string> field(const FieldQuestion& question) = 0;
  /// approve is shown what the card's key is about to sign. It gives go_on, change, skip or stop.
  [[nodiscard]] virtual DeskAnswer approve(const std::string& person, const ToBeSigned& content) = 0;

  /// new_pin gives the user PIN that a card is to get.
  [[nodiscard]] virtual Secret new_pin(const TokenInfo& card) = 0;
  /// pin_file names the file that holds the PIN which new_pin gave last; empty where none does.
  [[nodiscard]] virtual std::string pin_file() const = 0;
  /// pin_in gives the PIN that such a file holds; nothing where it cannot be read.
  [[nodiscard]] virtual std::optional<Secret> pin_in(const std::string& file, const TokenInfo& card) = 0;
  /// pin_is_set is told that the card has taken it.
  virtual void pin_is_set(const TokenInfo& card) = 0;
  /// pin_is_not_set gives the error of a call that failed, with what became of the PIN in it: one that was sent may
  /// have been taken all the same.
  [[nodiscard]] virtual Error pin_is_not_set(const Error& error, bool sent) = 0;
};

}  // namespace p11csr::workflow
#pragma GCC visibility pop
