#include "cli/terminal_desk.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/description.hpp>

#include "cli/approval_text.hpp"
#include "cli/line_input.hpp"
#include "cli/pin_input.hpp"
#include "cli/request_folder.hpp"
#include "model/ascii.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

using model::printable;
using workflow::DeskAnswer;
using workflow::EnrollStep;
using workflow::Person;

// The letter to type for an answer; each question has answers with different ones.
char letter_of(DeskAnswer answer) {
  switch (answer) {
    case DeskAnswer::go_on:
      return 'y';
    case DeskAnswer::retry:
      return 'r';
    case DeskAnswer::change:
      return 'c';
    case DeskAnswer::unblock:
      return 'u';
    case DeskAnswer::again:
      return 'a';
    case DeskAnswer::skip:
      return 's';
    case DeskAnswer::stop:
      return 'q';
  }
  throw Error(Errc::unexpected, "an answer without a letter");
}

std::string answers_text(const std::vector<DeskAnswer>& answers) {
  std::string text;
  for (const DeskAnswer each : answers)
    text += fmt::format("{}{}: {}{}", text.empty() ? "" : ", ", letter_of(each), workflow::answer_name(each),
                        each == answers.front() ? " (Enter)" : "");
  return text;
}

std::optional<DeskAnswer> answer_of(const std::string& typed, const std::vector<DeskAnswer>& answers) {
  if (typed.empty()) return answers.front();
  const auto found = std::find_if(answers.begin(), answers.end(), [&typed](DeskAnswer each) {
    return typed.size() == 1 && model::lower(typed.front()) == letter_of(each);
  });
  if (found == answers.end()) return std::nullopt;
  return *found;
}

bool matches(const Person& person, const std::string& text) {
  const auto holds = [&text](const std::string& value) {
    return std::search(value.begin(), value.end(), text.begin(), text.end(),
                       [](char a, char b) { return model::lower(a) == model::lower(b); }) != value.end();
  };
  return holds(person.name) || std::any_of(person.fields.begin(), person.fields.end(),
                                           [&holds](const auto& field) { return holds(field.second); });
}

std::string person_text(const Person& person) {
  std::string text = printable(person.name);
  for (const auto& [name, value] : person.fields)
    if (value != person.name) text += fmt::format(", {} {}", printable(name), printable(value));
  if (!person.unfinished_card.empty())
    text += fmt::format(" (whose card '{}' is not finished)", printable(person.unfinished_card));
  return text;
}

}  // namespace

TerminalDesk::TerminalDesk(DeskSettings settings, CallWatch& watch, Streams& streams)
    : settings_(std::move(settings)),
      watch_(watch),
      streams_(streams),
      terminal_(settings_.yes ? -1 : open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
  if (!settings_.yes && terminal_.get() < 0)
    throw Error(Errc::usage, "there is no terminal to ask at", "run it at a terminal, or with --yes");
}

void TerminalDesk::tell(EnrollStep step, const std::string& text) {
  // What was typed before is no call.
  if (terminal_.get() >= 0) tcflush(terminal_.get(), TCIFLUSH);
  fmt::print(streams_.err, "p11csr: {}: {}\n", workflow::step_name(step), printable(text));
  streams_.err.flush();
}

std::string TerminalDesk::ask(const std::string& prompt) {
  const CallWatch::Pause pause(watch_);
  // What was typed before the question is no answer to it.
  tcflush(terminal_.get(), TCIFLUSH);
  auto line = read_shown_line(terminal_.get(), prompt);
  if (!line) throw Error(Errc::interrupted, "stopped at the desk");
  return std::move(*line);
}

DeskAnswer TerminalDesk::choose(const workflow::DeskQuestion& question) {
  if (settings_.yes) return question.answers.front() == DeskAnswer::go_on ? DeskAnswer::go_on : DeskAnswer::skip;
  const std::string prompt = fmt::format("{} [{}] ", printable(question.text), answers_text(question.answers));
  while (true)
    if (const auto answer = answer_of(ask(prompt), question.answers)) return *answer;
}

// Somebody pressed Enter.
bool TerminalDesk::is_called() {
  if (settings_.yes) return false;
  pollfd terminal{terminal_.get(), POLLIN, 0};
  if (poll(&terminal, 1, 0) != 1 || (terminal.revents & POLLIN) == 0) return false;
  std::array<char, 256> line{};
  return read(terminal_.get(), line.data(), line.size()) >= 0;
}

workflow::Chosen<std::size_t> TerminalDesk::person(const std::vector<Person>& free, const TokenInfo& /*unused*/) {
  if (settings_.yes) {
    // Whether a card is lost only a person knows.
    if (free.front().unfinished_card.empty()) return {0};
    tell(EnrollStep::person, "only people whose cards are not finished are left");
    return {std::nullopt, DeskAnswer::skip};
  }
  std::size_t shown = 0;
  while (true) {
    const std::string prompt =
        fmt::format("{} of {}: {}\nfor this person? [Enter: yes, n: next, /TEXT: look for, s: skip the card, q: stop] ",
                    shown + 1, free.size(), person_text(free[shown]));
    const std::string typed = ask(prompt);
    if (typed.empty() || typed == "y") return {shown};
    if (typed == "s") return {std::nullopt, DeskAnswer::skip};
    if (typed == "q") return {std::nullopt, DeskAnswer::stop};
    if (typed == "n") shown = (shown + 1) % free.size();
    if (!typed.starts_with('/')) continue;
    // From the next one on, and round: the same words again find the next that they fit.
    for (std::size_t i = 1; i <= free.size(); ++i) {
      const std::size_t at = (shown + i) % free.size();
      if (!matches(free[at], typed.substr(1))) continue;
      shown = at;
      break;
    }
  }
}

workflow::Chosen<std::string> TerminalDesk::field(const workflow::FieldQuestion& question) {
  if (!question.objection.empty()) tell(EnrollStep::fields, question.objection);
  if (settings_.yes) {
    tell(EnrollStep::fields,
         fmt::format("nobody says what '{}' is; give it with --set or in the roster", question.name));
    return {std::nullopt, DeskAnswer::skip};
  }
  const std::string current = question.current.empty() ? "" : fmt::format(" [{}]", printable(question.current));
  while (true) {
    std::string typed = ask(fmt::format("{}{}: ", printable(question.name), current));
    if (!typed.empty()) return {std::move(typed)};
    if (!question.current.empty()) return {question.current};
    const workflow::DeskQuestion empty{
        EnrollStep::fields, "nothing was typed", {DeskAnswer::retry, DeskAnswer::skip, DeskAnswer::stop}};
    const DeskAnswer answer = choose(empty);
    if (answer != DeskAnswer::retry) return {std::nullopt, answer};
  }
}

DeskAnswer TerminalDesk::approve(const std::string& person, const workflow::ToBeSigned& content) {
  streams_.err << approval_text(person, content) << std::flush;
  return choose(
      {EnrollStep::request, "sign this?", {DeskAnswer::go_on, DeskAnswer::change, DeskAnswer::skip, DeskAnswer::stop}});
}

NewPinFlags TerminalDesk::flags_for(const TokenInfo& card) const {
  NewPinFlags flags = settings_.new_pin;
  if (flags.file.empty()) return flags;
  check_file_label(card.label);
  const std::string base = fmt::format("{}/{}", flags.file, card.label);
  flags.file = base + ".pin";
  // The card had PINs before.
  for (int number = 2; access(flags.file.c_str(), F_OK) == 0; ++number)
    flags.file = fmt::format("{}-{}.pin", base, number);
  return flags;
}

Secret TerminalDesk::new_pin(const TokenInfo& card) {
  pin_ = std::make_unique<NewPin>(flags_for(card), PinOwner::user,
                                  settings_.letters ? NewPin::Letter::may_be : NewPin::Letter::not_in_json);
  pin_file_.clear();
  Secret pin = pin_->for_token(card, watch_);
  pin_file_ = pin_->file();
  return pin;
}

std::optional<Secret> TerminalDesk::pin_in(const std::string& file, const TokenInfo& card) {
  try {
    return read_pin(parse_pin_source("file:" + file), PinOwner::user, card);
  } catch (const Error& error) {
    tell(EnrollStep::recognise, fmt::format("its PIN is not taken from '{}': {}", file, error.what()));
    return std::nullopt;
  }
}

void TerminalDesk::pin_is_set(const TokenInfo& card) {
  if (!pin_) return;
  if (!pin_->file().empty())
    tell(EnrollStep::set_pin, fmt::format("the PIN of '{}' is in '{}'", card.label, pin_->file()));
  const auto pin = std::move(pin_);
  pin->keep(card, streams_);
}

Error TerminalDesk::pin_is_not_set(const Error& error, bool sent) {
  if (!pin_) return error;
  Error told = pin_->failed(error, sent);
  pin_.reset();  // and with it the file, unless it stays
  if (access(pin_file_.c_str(), F_OK) != 0) pin_file_.clear();
  return told;
}

}  // namespace p11csr::cli
