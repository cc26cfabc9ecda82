#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/workflow/enroll_desk.hpp>

#include "cli/call_watch.hpp"
#include "cli/descriptor.hpp"
#include "cli/new_pin.hpp"
#include "cli/streams.hpp"

namespace p11csr::cli {

/// DeskSettings say how a terminal serves as a desk.
struct DeskSettings {
  bool yes = false;     // nobody is asked: the usual answer is taken, and a card with which something is wrong is put
                        // aside
  NewPinFlags new_pin;  // `file` is a folder here, with LABEL.pin for each card
  bool letters = true;  // a PIN letter may be printed
};

/// TerminalDesk is the desk at the terminal: one line after the other, so that a serial console serves too. Questions
/// and answers are on /dev/tty; what happens is told on stderr.
class TerminalDesk : public workflow::EnrollDesk {
 public:
  /// TerminalDesk throws Error(usage) where there is no terminal and somebody has to be asked. Watch and streams
  /// outlive it.
  TerminalDesk(DeskSettings settings, CallWatch& watch, Streams& streams);

  void tell(workflow::EnrollStep step, const std::string& text) override;
  workflow::DeskAnswer choose(const workflow::DeskQuestion& question) override;
  bool is_called() override;
  workflow::Chosen<std::size_t> person(const std::vector<workflow::Person>& free, const TokenInfo& card) override;
  workflow::Chosen<std::string> field(const workflow::FieldQuestion& question) override;
  workflow::DeskAnswer approve(const std::string& person, const workflow::ToBeSigned& content) override;

  Secret new_pin(const TokenInfo& card) override;
  [[nodiscard]] std::string pin_file() const override { return pin_file_; }
  std::optional<Secret> pin_in(const std::string& file, const TokenInfo& card) override;
  void pin_is_set(const TokenInfo& card) override;
  Error pin_is_not_set(const Error& error, bool sent) override;

 private:
  /// ask gives a line from the terminal; throws Error(interrupted) for Ctrl-C and Ctrl-D.
  [[nodiscard]] std::string ask(const std::string& prompt);
  [[nodiscard]] NewPinFlags flags_for(const TokenInfo& card) const;

  DeskSettings settings_;
  CallWatch& watch_;
  Streams& streams_;
  Descriptor terminal_;
  std::unique_ptr<NewPin> pin_;  // of the card in hand
  std::string pin_file_;
};

}  // namespace p11csr::cli
