#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/workflow/certificates.hpp>
#include <p11csr/workflow/create_request.hpp>
#include <p11csr/workflow/enroll_desk.hpp>
#include <p11csr/workflow/enroll_journal.hpp>
#include <p11csr/workflow/set_up_token.hpp>

#pragma GCC visibility push(default)
namespace p11csr::workflow {

/// CardSetup is what a blank card is to become, and who is told of it.
struct CardSetup {
  std::string label;
  NewPinReader new_pin;
  /// about_to_initialize is told right before the card is initialised.
  std::function<void()> about_to_initialize;
  /// about_to_set_pin is told right before its user PIN is set.
  std::function<void()> about_to_set_pin;
};

/// CardStation does to cards what a session decides. Every function throws Error.
class CardStation {
 public:
  /// Cards are those that are there.
  using Cards = std::vector<TokenInfo>;

  virtual ~CardStation() = default;
  /// wait comes back with the cards that are there once `enough` is true of them; it is asked again and again.
  [[nodiscard]] virtual Cards wait(const std::function<bool(const Cards&)>& enough) = 0;
  /// initialise makes a blank card one with a label and PINs; gives the card as it is then.
  [[nodiscard]] virtual TokenInfo initialise(const TokenInfo& card, const CardSetup& setup) = 0;
  /// set_pin sets a new user PIN with the SO PIN.
  [[nodiscard]] virtual TokenInfo set_pin(const TokenInfo& card, const NewPinReader& new_pin) = 0;
  /// request generates the key, or goes on with the one that was planned, and has it sign.
  [[nodiscard]] virtual RequestReport request(const TokenInfo& card, RequestOptions options) = 0;
  /// install puts the certificate (and what of its chain is with it) beside its key, which proves itself.
  [[nodiscard]] virtual InstallReport install(const TokenInfo& card, const std::string& certificate,
                                              const std::string& request) = 0;
  /// use_pin is given the card's PIN where it is known: it is tried before anybody is asked.
  virtual void use_pin(Secret pin) = 0;
  /// forget wipes the card's PIN. Until then one that the card has accepted is not asked for again.
  virtual void forget() noexcept = 0;
};

/// RequestComposer makes a request out of fields: by a profile.
class RequestComposer {
 public:
  /// Fields are values by the names of --set and of the roster's columns.
  using Fields = std::map<std::string, std::string>;

  virtual ~RequestComposer() = default;
  /// missing names the fields that have no value yet, in the order in which to ask for them.
  [[nodiscard]] virtual std::vector<std::string> missing(const Fields& fields) const = 0;
  /// check throws Error where what the fields say cannot be in a request, as far as they are known.
  virtual void check(const Fields& fields) const = 0;
  /// compose gives the whole request, whose key is to be generated. Throws Error.
  [[nodiscard]] virtual RequestOptions compose(const Fields& fields) const = 0;
};

/// EnrollFiles is where requests go, by the labels of their keys.
class EnrollFiles {
 public:
  virtual ~EnrollFiles() = default;
  /// require_free throws Error(file_exists), Error(file_failed) where the request of that label could not be written,
  /// Error(malformed_input) for a label that is no file's name.
  virtual void require_free(const std::string& label) = 0;
  /// keep writes the request; one that is there and the same stays. Gives the file's path.
  virtual std::string keep(const std::string& label, const std::string& pem) = 0;
};

/// CertificateSource asks the CA. It gives the certificate as PEM (its chain may follow), or nothing where `called`
/// became true while it waited. Throws Error.
using CertificateSource =
    std::function<std::optional<std::string>(const CardRecord& record, const std::function<bool()>& called)>;

/// EnrollOptions is what a session is about. What it points to outlives it.
struct EnrollOptions {
  std::vector<Person> roster;
  bool has_roster = false;
  std::function<std::string(std::size_t)> card_label;  // of the N-th card that is initialised, from 1
  CertificateSource certificate;                       // empty: cards are done once their request is written
  bool allow_final_try = false;
  bool replace_keys = false;  // what is in a new key's place may go, after a question at the desk
  const RequestComposer* composer = nullptr;
  EnrollFiles* files = nullptr;
  EnrollJournal* journal = nullptr;
  CardStation* station = nullptr;
  EnrollDesk* desk = nullptr;
};

/// EnrollSummary is what a session came to. Cards are those that it had in hand, as they stand now.
struct EnrollSummary {
  std::vector<CardRecord> finished;
  std::vector<CardRecord> unfinished;
  std::vector<CardRecord> left_over;  // unfinished since an earlier session, and nobody has got another card instead
  std::size_t people_left = 0;        // of the roster, without a card
  std::optional<Error> last_problem;  // of a card that is unfinished
  bool interrupted = false;
};

/// enroll serves one card after the other until the roster is done or the desk stops. Every step can be tried again; a
/// card that is put aside, or taken out, goes on where it stood when it is put in again. Throws Error where the journal
/// cannot be written.
[[nodiscard]] EnrollSummary enroll(const EnrollOptions& options);

/// KeyMaker is who makes keys and stores certificates: on some cards the security officer alone.
enum class KeyMaker { user, officer_where_user_may_not, officer };

/// StationSetup is how cards are reached: those that the choice leaves.
struct StationSetup {
  TokenChoice token;
  PinChoice pin;
  OfficerChoice officer;
  bool allow_extractable = false;
  KeyMaker key_maker = KeyMaker::user;
};
/// token_station is the CardStation of real tokens.
[[nodiscard]] std::unique_ptr<CardStation> token_station(StationSetup setup, Surroundings surroundings);

}  // namespace p11csr::workflow
#pragma GCC visibility pop
