#include "cli/new_pin.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

#include <p11csr/crypto/random_pin.hpp>

#include "cli/descriptor.hpp"
#include "cli/pin_input.hpp"
#include "model/quote.hpp"

namespace p11csr::cli {
namespace {

constexpr unsigned kMostDigits = 64;
constexpr unsigned kFewestDigits = 4;

std::string_view text_of(const Secret& secret) {
  return {reinterpret_cast<const char*>(secret.view().data()), secret.size()};
}

Secret with_line_end(const Secret& pin) {
  Secret line(pin.size() + 1);
  std::copy(pin.view().begin(), pin.view().end(), line.buffer().begin());
  line.buffer()[pin.size()] = '\n';
  line.set_size(pin.size() + 1);
  return line;
}

}  // namespace

void declare_new_pin_options(Options& options, NewPinFlags& flags, PinOut out) {
  options.text("--new-pin-source", flags.source, "SOURCE",
               "where the new PIN comes from, as --pin-source; a prompt asks twice (the default)");
  options.number("--generate-pin", flags.digits, kMostDigits, "LEN", "make a random PIN of so many digits instead");
  if (out == PinOut::folder)
    options.text("--pin-out", flags.file, "DIR", "write it to DIR/LABEL.pin (0600); else a PIN letter on stdout");
  else
    options.text("--pin-out", flags.file, "FILE", "write that PIN to a new file (0600); else a PIN letter on stdout");
}

void NewPin::check(const NewPinFlags& flags, Letter letter) {
  const bool makes = flags.digits != 0;
  if (makes && !flags.source.empty())
    throw Error(Errc::usage, "--generate-pin and --new-pin-source exclude each other",
                "leave away the one that you do not want");
  if (!makes && !flags.file.empty())
    throw Error(Errc::usage, "--pin-out is for a PIN that --generate-pin makes", "add --generate-pin 6");
  if (makes && flags.digits < kFewestDigits)
    throw Error(Errc::usage, fmt::format("a PIN of {} digits is guessed at once", flags.digits),
                "make it longer: --generate-pin 6");
  if (!makes || !flags.file.empty() || letter == Letter::may_be) return;
  if (letter == Letter::not_in_json)
    throw Error(Errc::usage, "a PIN is never written into JSON", "say where the PIN goes: --pin-out FILE");
  throw Error(Errc::usage, "a PIN letter that gets lost would lock its owner out of the token",
              "say where the PIN goes: --pin-out FILE");
}

NewPin::NewPin(const NewPinFlags& flags, PinOwner owner, Letter letter)
    : owner_(owner), digits_(flags.digits), file_(flags.file) {
  check(flags, letter);
  if (!flags.source.empty()) source_ = parse_pin_source(flags.source);
  constexpr mode_t for_owner_only = 0600;
  if (file_.empty()) return;
  try {
    output_.emplace(OutputFile::prepare(file_, Overwrite::no, for_owner_only));
  } catch (const Error& error) {
    throw Error(error.code(), error.what(), "choose another --pin-out: a PIN is never written over another one");
  }
}

NewPin::~NewPin() {
  if (written_) unlink(file_.c_str());
}

Secret NewPin::for_token(const TokenInfo& token, CallWatch& watch) {
  if (digits_ != 0) return make(token);
  const CallWatch::Pause pause(watch);
  return read_new_pin(source_, owner_, token);
}

Secret NewPin::make(const TokenInfo& token) {
  if (token.tells_pin_length() && (digits_ < token.min_pin_length || digits_ > token.max_pin_length))
    throw Error(Errc::usage,
                fmt::format("the token '{}' wants a PIN of {} to {} characters, not {}", token.label,
                            token.min_pin_length, token.max_pin_length, digits_),
                fmt::format("--generate-pin {}",
                            std::clamp<std::uint64_t>(digits_, token.min_pin_length, token.max_pin_length)));
  Secret pin = crypto::random_pin(digits_);
  Secret line = with_line_end(pin);
  if (output_) {
    output_->publish(text_of(line));
    written_ = true;
  } else {
    for_letter_ = std::move(line);
  }
  return pin;
}

void NewPin::keep(const TokenInfo& token, Streams& streams) {
  written_ = false;
  if (!for_letter_) return;
  streams.out << fmt::format("PIN letter\n\n  token   {}\n  serial  {}\n  PIN     ", model::printable(token.label),
                             model::printable(token.serial));
  // The PIN goes past the stream, whose buffer would keep it.
  streams.out.flush();
  const bool written = streams.out.good() && write_all(STDOUT_FILENO, text_of(*for_letter_));
  for_letter_.reset();
  if (!written)
    throw Error(Errc::file_failed, "the PIN letter could not be written: the token has a PIN that nobody knows",
                fmt::format("set another one: p11csr token unblock --token '{}'", token.uri));
}

Error NewPin::failed(const Error& error, bool sent) {
  if (!written_ || !sent) return error;
  const bool refused = error.code() != Errc::token_failed && error.code() != Errc::interrupted;
  if (refused) return error;
  written_ = false;
  return {error.code(),
          fmt::format("{}; '{}' stays, since the token may have taken the PIN in it", error.what(), file_),
          error.hint(), error.call()};
}

}  // namespace p11csr::cli
