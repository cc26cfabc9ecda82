#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#pragma GCC visibility push(default)
namespace p11csr {

/// Errc is the closed list of what can go wrong. Its name (errc_name) is stable: scripts read it in JSON.
/// The program maps each to one documented exit code; the groups below follow those codes.
enum class Errc {
  unexpected,  // exit 1: a defect of this program or of the machine
  // exit 2
  usage,
  malformed_input,
  // exit 3
  module_unusable,
  token_not_found,
  token_ambiguous,
  // exit 4
  pin_incorrect,
  pin_locked,
  pin_missing,
  pin_final_try,
  // exit 5
  key_not_found,
  key_ambiguous,
  key_exists,
  // exit 6
  key_not_bound,
  not_allowed,
  // exit 7
  token_failed,
  mechanism_unsupported,
  call_timeout,
  // exit 8
  file_exists,
  file_failed,
  // exit 9
  verification_failed,
  // exit 130
  interrupted,
};

/// errc_name is the stable name of a code: the enumerator's own spelling, such as "key_not_bound".
[[nodiscard]] std::string_view errc_name(Errc code);

/// is_about_pin tells the codes of exit 4: what was sent, or was to be sent, must not be sent again.
[[nodiscard]] bool is_about_pin(Errc code);

/// Error is the one exception type of p11csr.
/// what() says what happened, lower case, the offending value quoted, without a full stop.
/// hint() is the next thing to try, ready to paste where it is a command; may be empty.
/// candidates() are what the caller may choose from instead: RFC 7512 URIs, ready to paste; mostly empty.
/// call() names the failed Cryptoki call, such as "C_Login: CKR_PIN_INCORRECT, 0xa0"; empty where none failed.
class Error : public std::runtime_error {
 public:
  /// Error of a code; the texts are what the accessors of their names give.
  Error(Errc code, const std::string& message, std::string hint = {}, std::string call = {})
      : std::runtime_error(message), code_(code), hint_(std::move(hint)), call_(std::move(call)) {}

  /// code is the kind of failure.
  [[nodiscard]] Errc code() const noexcept { return code_; }
  /// hint is the next thing to try; may be empty.
  [[nodiscard]] const std::string& hint() const noexcept { return hint_; }
  /// call names the failed Cryptoki call and its return code; empty where none failed.
  [[nodiscard]] const std::string& call() const noexcept { return call_; }
  /// candidates are what would have matched: RFC 7512 URIs.
  [[nodiscard]] const std::vector<std::string>& candidates() const noexcept { return candidates_; }

  /// with_candidates gives this error with the list of what would have matched.
  [[nodiscard]] Error with_candidates(std::vector<std::string> candidates) && {
    candidates_ = std::move(candidates);
    return std::move(*this);
  }

 private:
  Errc code_;
  std::string hint_;
  std::string call_;
  std::vector<std::string> candidates_;
};

}  // namespace p11csr
#pragma GCC visibility pop
