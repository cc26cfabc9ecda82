#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <set>

#include <p11csr/workflow/enroll.hpp>

#include "workflow/enroll_card.hpp"

namespace p11csr::workflow {
namespace {

// Two cards with the same texts are the same to the person at the desk; blank ones are told by their slots.
std::string key_of(const TokenInfo& card) {
  if (!card.serial.empty()) return fmt::format("{}\n{}\n{}", card.manufacturer, card.model, card.serial);
  return fmt::format("{}\n{}", card.module_path, card.slot_id);
}

/// InHand is a card that the session worked on, and the problem with which the work ended.
struct InHand {
  CardRecord record;
  std::optional<Error> problem;
};

/// Session is one sitting at the desk.
class Session {
 public:
  explicit Session(const EnrollOptions& options) : options_(options) {}

  EnrollSummary run() {
    while (!is_over()) {
      const auto card = next_card_or_stop();
      if (!card) break;
      serve(*card);
    }
    return summary();
  }

 private:
  std::optional<TokenInfo> next_card_or_stop() {
    try {
      return next_card();
    } catch (const Error& error) {
      if (error.code() != Errc::interrupted) throw;
      interrupted_ = true;
      return std::nullopt;
    }
  }

  // The first card that is not done with; those that were taken out count as new when they come again.
  std::optional<TokenInfo> next_card() {
    options_.desk->tell(EnrollStep::card,
                        done_with_.empty() ? "put in a card" : "remove the card; put in the next one");
    while (true) {
      std::optional<TokenInfo> next;
      const auto enough = [&](const CardStation::Cards& cards) {
        forget_removed(cards);
        const auto found = std::find_if(cards.begin(), cards.end(),
                                        [this](const TokenInfo& each) { return done_with_.count(key_of(each)) == 0; });
        if (found != cards.end()) next = *found;
        return next || options_.desk->is_called();
      };
      static_cast<void>(options_.station->wait(enough));
      if (next) return next;
      const DeskQuestion question{EnrollStep::card, "still waiting for a card", {DeskAnswer::go_on, DeskAnswer::stop}};
      if (options_.desk->choose(question) == DeskAnswer::stop) return std::nullopt;
    }
  }

  void forget_removed(const CardStation::Cards& cards) {
    std::erase_if(done_with_, [&cards](const std::string& key) {
      return std::none_of(cards.begin(), cards.end(), [&key](const TokenInfo& each) { return key_of(each) == key; });
    });
  }

  void serve(const TokenInfo& card) {
    CardEnrollment work(options_, card);
    const EnrollEnd end = work.run();
    if (end != EnrollEnd::taken_out) done_with_.insert(key_of(work.card()));
    stopped_ = end == EnrollEnd::stopped;
    interrupted_ = stopped_ && work.problem() && work.problem()->code() == Errc::interrupted;
    std::erase_if(in_hand_, [this](const InHand& each) { return was_taken_back(each.record); });
    // What an earlier session finished is none of this one's work.
    const bool touched = work.record().stage != EnrollStage::seen && end != EnrollEnd::left_alone;
    if (!touched) return;
    std::erase_if(in_hand_, [&work](const InHand& each) { return takes_place_of(work.record(), each.record); });
    in_hand_.push_back({work.record(), work.problem()});
  }

  [[nodiscard]] bool was_taken_back(const CardRecord& record) const {
    if (record.stage != EnrollStage::initialising) return false;
    const auto records = options_.journal->records();
    return std::none_of(records.begin(), records.end(),
                        [&record](const CardRecord& each) { return each.label == record.label; });
  }

  [[nodiscard]] std::size_t people_left() const {
    const auto records = options_.journal->records();
    return static_cast<std::size_t>(
        std::count_if(options_.roster.begin(), options_.roster.end(),
                      [&](const Person& each) { return !is_served(options_, records, each); }));
  }

  [[nodiscard]] bool is_over() const { return stopped_ || (options_.has_roster && people_left() == 0); }

  [[nodiscard]] bool was_in_hand(const CardRecord& record) const {
    return std::any_of(in_hand_.begin(), in_hand_.end(),
                       [&record](const InHand& each) { return takes_place_of(each.record, record); });
  }

  [[nodiscard]] std::vector<CardRecord> left_over() const {
    const auto records = options_.journal->records();
    const auto has_finished_card = [&](const std::string& person) {
      return !person.empty() && std::any_of(records.begin(), records.end(), [&](const CardRecord& each) {
        return each.person_key == person && is_finished(options_, each);
      });
    };
    std::vector<CardRecord> left;
    std::copy_if(records.begin(), records.end(), std::back_inserter(left), [&](const CardRecord& each) {
      return !is_finished(options_, each) && !was_in_hand(each) && !has_finished_card(each.person_key);
    });
    return left;
  }

  [[nodiscard]] EnrollSummary summary() const {
    EnrollSummary result;
    for (const auto& [record, problem] : in_hand_) {
      (is_finished(options_, record) ? result.finished : result.unfinished).push_back(record);
      if (problem && !is_finished(options_, record)) result.last_problem = problem;
    }
    result.left_over = left_over();
    result.people_left = options_.has_roster ? people_left() : 0;
    result.interrupted = interrupted_;
    return result;
  }

  const EnrollOptions& options_;
  std::set<std::string> done_with_;  // cards that are still in a reader
  std::vector<InHand> in_hand_;
  bool stopped_ = false;
  bool interrupted_ = false;
};

}  // namespace

EnrollSummary enroll(const EnrollOptions& options) { return Session(options).run(); }

}  // namespace p11csr::workflow
