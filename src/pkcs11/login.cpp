#include "pkcs11/login.hpp"

#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "pkcs11/return_code.hpp"

namespace p11csr::pkcs11 {
namespace {

void refuse_what_cannot_work(const TokenInfo& token, const PinPolicy& policy) {
  if (token.user_pin_locked)
    throw Error(Errc::pin_locked,
                fmt::format("the user PIN of the token '{}' is locked; nothing was sent", token.label),
                "unblock it with the security officer's PIN");
  if (!token.user_pin_initialized && !token.protected_authentication_path)
    throw Error(Errc::pin_missing, fmt::format("the token '{}' has no user PIN yet", token.label),
                "set one with the security officer's PIN");
  if (token.user_pin_final_try && !policy.allow_final_try)
    throw Error(Errc::pin_final_try,
                fmt::format("one more wrong PIN locks the token '{}'; nothing was sent", token.label),
                "if you are sure of the PIN, say --allow-final-try");
  if (token.user_pin_count_low && policy.warn)
    policy.warn(fmt::format("a wrong PIN was given to the token '{}' before: few tries are left", token.label));
}

// A PIN that the token must refuse is not sent: the refusal would cost a try on some tokens.
void check_length(const Secret& pin, const TokenInfo& token) {
  const bool told = token.max_pin_length != 0 && token.max_pin_length >= token.min_pin_length;
  if (told && (pin.size() < token.min_pin_length || pin.size() > token.max_pin_length))
    throw Error(Errc::pin_incorrect,
                fmt::format("the PIN is not {} to {} characters long, as the token '{}' wants; nothing was sent",
                            token.min_pin_length, token.max_pin_length, token.label),
                "check the PIN source; a file's final newline is not part of the PIN");
}

std::string tries_left(const Token& token) {
  const TokenInfo now = read_token_info(*token.module, token.slot);
  if (now.user_pin_locked) return "; it is now locked";
  if (now.user_pin_final_try) return "; one try is left before it locks";
  if (now.user_pin_count_low) return "; few tries are left";
  return "";
}

[[noreturn]] void throw_login_failure(CK_RV result, const Token& token) {
  const Error plain = failure(result, "C_Login");
  std::string message = plain.what();
  if (plain.code() == Errc::pin_incorrect || plain.code() == Errc::pin_locked) {
    try {
      message += tries_left(token);
    } catch (const Error&) {  // the counters are a courtesy; the refused login is the error
    }
  }
  throw Error(plain.code(), message, "the PIN was sent once and is not tried again; check it before the next run",
              plain.call());
}

}  // namespace

Login Login::as_user(const Session& session, const Token& token, const PinReader& pin, const PinPolicy& policy) {
  if (!token.info.login_required) return {std::nullopt, {}};
  refuse_what_cannot_work(token.info, policy);
  std::function<void()> point_to_pin_pad;
  std::optional<Secret> secret;
  if (token.info.protected_authentication_path) {
    point_to_pin_pad = [warn = policy.warn, label = token.info.label] {
      if (warn) warn(fmt::format("enter the PIN of the token '{}' on its PIN pad", label));
    };
    point_to_pin_pad();
  } else {
    secret = pin(token.info);
    check_length(*secret, token.info);
  }
  const CK_RV result = session.log_in(CKU_USER, secret ? &*secret : nullptr);
  if (result != CKR_OK && result != CKR_USER_ALREADY_LOGGED_IN) throw_login_failure(result, token);
  return {std::move(secret), std::move(point_to_pin_pad)};
}

void Login::for_signature(const Session& session) const {
  if (point_to_pin_pad_) point_to_pin_pad_();
  const CK_RV result = session.log_in(CKU_CONTEXT_SPECIFIC, pin_ ? &*pin_ : nullptr);
  // NSS answers that somebody is logged in and signs all the same.
  if (result == CKR_OK || result == CKR_USER_ALREADY_LOGGED_IN) return;
  const Error plain = failure(result, "C_Login");
  throw Error(plain.code(), fmt::format("the key wants the PIN at every signature: {}", plain.what()),
              "the PIN was sent once for this signature and is not tried again", plain.call());
}

}  // namespace p11csr::pkcs11
