#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/workflow/enroll.hpp>

namespace p11csr::test {

using workflow::CardRecord;
using workflow::CardStation;
using workflow::DeskAnswer;
using workflow::EnrollStep;
using workflow::Person;

/// MemoryJournal is a journal that keeps every record that was written.
class MemoryJournal : public workflow::EnrollJournal {
 public:
  [[nodiscard]] std::optional<CardRecord> find(const workflow::CardIdentity& card) const override;
  [[nodiscard]] std::vector<CardRecord> records() const override { return last; }
  void write(CardRecord record) override;

  std::vector<CardRecord> last;
  std::vector<workflow::EnrollStage> stages;  // in the order in which they were written
};

/// ScriptedDesk answers what a test told it to; without an answer the usual one.
class ScriptedDesk : public workflow::EnrollDesk {
 public:
  void tell(EnrollStep step, const std::string& text) override;
  DeskAnswer choose(const workflow::DeskQuestion& question) override;
  bool is_called() override { return called; }
  workflow::Chosen<std::size_t> person(const std::vector<Person>& free, const TokenInfo& card) override;
  workflow::Chosen<std::string> field(const workflow::FieldQuestion& question) override;
  DeskAnswer approve(const std::string& person, const workflow::ToBeSigned& content) override;
  Secret new_pin(const TokenInfo& card) override;
  [[nodiscard]] std::string pin_file() const override { return new_pin_file; }
  std::optional<Secret> pin_in(const std::string& file, const TokenInfo& card) override;
  void pin_is_set(const TokenInfo& /*unused*/) override { ++pins_set; }
  Error pin_is_not_set(const Error& error, bool sent) override;

  [[nodiscard]] bool was_told(const std::string& text) const;

  std::deque<DeskAnswer> answers;
  std::deque<DeskAnswer> approvals;
  std::deque<std::size_t> people;
  std::map<std::string, std::deque<std::string>> fields;
  bool called = false;
  std::size_t interrupted_at = 0;  // the number of a question, from 1
  std::string new_pin_file;        // of the PINs that new_pin gives; it stays where one was sent

  std::vector<std::string> told;
  std::vector<workflow::DeskQuestion> asked;
  std::vector<workflow::FieldQuestion> fields_asked;
  std::vector<std::string> approved;  // the SHA-256 of each content that was shown
  int pins_set = 0;
  int pins_not_set = 0;
};

/// FakeStation has a reader with one card at a time, which nobody needs to have. Keys are made in software.
class FakeStation : public CardStation {
 public:
  Cards wait(const std::function<bool(const Cards&)>& enough) override;
  TokenInfo initialise(const TokenInfo& card, const workflow::CardSetup& setup) override;
  TokenInfo set_pin(const TokenInfo& card, const workflow::NewPinReader& new_pin) override;
  workflow::RequestReport request(const TokenInfo& card, workflow::RequestOptions options) override;
  workflow::InstallReport install(const TokenInfo& card, const std::string& certificate,
                                  const std::string& request) override;
  void use_pin(Secret /*unused*/) override { ++pins_known; }
  void forget() noexcept override { ++forgotten; }

  /// put_in puts a card into the queue before the reader; each wait in vain takes the one out and the next one in.
  void put_in(TokenInfo card) { queue.push_back(std::move(card)); }
  /// fail lets the next piece of work of that name fail; `pulled` takes the card out as well.
  void fail(const std::string& work, Error error, bool pulled = false);

  std::deque<TokenInfo> queue;
  std::optional<TokenInfo> in_reader;
  std::vector<std::string> labels;  // of the keys that were asked for
  std::vector<std::string> ids;
  std::vector<workflow::IfExists> if_exists;
  std::vector<std::string> in_slot;  // URIs of what has the new key's ID
  std::vector<std::string> installed;
  int forgotten = 0;
  int pins_known = 0;
  std::optional<TokenInfo> taken_out;  // the card that was taken out last, as it was then

 private:
  struct Failure {
    std::string work;
    Error error;
    bool pulled;
  };
  void fail_where_told(const std::string& work);

  std::deque<Failure> failures_;
  int serial_ = 0;
};

/// NameComposer makes a request of one field, "name".
class NameComposer : public workflow::RequestComposer {
 public:
  [[nodiscard]] std::vector<std::string> missing(const Fields& fields) const override;
  void check(const Fields& fields) const override;
  [[nodiscard]] workflow::RequestOptions compose(const Fields& fields) const override;

  std::optional<Bytes> id;  // of every key: a place on the card
};

/// MemoryFiles keeps requests by label.
class MemoryFiles : public workflow::EnrollFiles {
 public:
  void require_free(const std::string& label) override;
  std::string keep(const std::string& label, const std::string& pem) override;

  std::map<std::string, std::string> requests;
};

[[nodiscard]] TokenInfo blank_card();
[[nodiscard]] TokenInfo card_with_pin(const std::string& serial);
[[nodiscard]] Person person(const std::string& name);

}  // namespace p11csr::test
