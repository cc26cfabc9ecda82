#pragma once

#include <optional>
#include <string>

#include <p11csr/model/error.hpp>
#include <p11csr/model/pin_source.hpp>
#include <p11csr/model/secret.hpp>
#include <p11csr/pkcs11/token_info.hpp>

#include "cli/call_watch.hpp"
#include "cli/options.hpp"
#include "cli/output_file.hpp"
#include "cli/streams.hpp"

namespace p11csr::cli {

/// NewPinFlags say what PIN is to be set, as they were typed.
struct NewPinFlags {
  std::string source;
  unsigned digits = 0;  // of one that is made; 0: it is given
  std::string file;     // where one that is made goes; empty: into a letter on stdout
};

/// PinOut says what --pin-out names: the file of one PIN, or a folder for those of many.
enum class PinOut { file, folder };
void declare_new_pin_options(Options& options, NewPinFlags& flags, PinOut out = PinOut::file);

/// NewPin gets the PIN that is to be set, or makes it. One that is made is never lost: it is in its file before the
/// token gets it.
class NewPin {
 public:
  /// NewPin of a PIN that may be printed as a letter, or may not. Throws Error(usage) where the flags contradict each
  /// other or there is no place for the PIN, and Error(file_exists), Error(file_failed).
  enum class Letter { may_be, not_in_json, not_for_a_change };
  NewPin(const NewPinFlags& flags, PinOwner owner, Letter letter);
  /// check throws Error(usage) as well, before anything is touched.
  static void check(const NewPinFlags& flags, Letter letter);
  NewPin(const NewPin&) = delete;
  NewPin& operator=(const NewPin&) = delete;
  /// Without keep() the file is removed.
  ~NewPin();

  /// for_token gives the PIN for a token, once. Prompts happen while the watch pauses. Throws Error.
  [[nodiscard]] Secret for_token(const TokenInfo& token, CallWatch& watch);

  /// keep is told once the token has taken the PIN: the file stays, or the letter is printed. Throws
  /// Error(file_failed) where nobody could read the letter.
  void keep(const TokenInfo& token, Streams& streams);

  /// failed gives the error of a run that did not get as far, with what became of the file: where the PIN was sent, the
  /// token may have taken it although the call failed.
  [[nodiscard]] Error failed(const Error& error, bool sent);

  /// file is the path of the file that holds the PIN; empty where there is none.
  [[nodiscard]] const std::string& file() const noexcept { return file_; }

 private:
  Secret make(const TokenInfo& token);

  PinOwner owner_;
  PinSource source_;
  unsigned digits_;
  std::string file_;
  std::optional<OutputFile> output_;
  std::optional<Secret> for_letter_;
  bool written_ = false;
};

}  // namespace p11csr::cli
