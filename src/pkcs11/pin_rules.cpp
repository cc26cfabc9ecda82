#include "pkcs11/pin_rules.hpp"

#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "pkcs11/return_code.hpp"

namespace p11csr::pkcs11 {
namespace {

/// PinFlags are a token's flags of one PIN (PKCS #11, 3.4).
struct PinFlags {
  const char* name;  // in sentences
  bool locked;
  bool final_try;
  bool count_low;
};

PinFlags flags_of(const TokenInfo& token, PinOwner owner) {
  if (owner == PinOwner::user)
    return {"user PIN", token.user_pin_locked, token.user_pin_final_try, token.user_pin_count_low};
  return {"SO PIN", token.so_pin_locked, token.so_pin_final_try, token.so_pin_count_low};
}

Error locked(const TokenInfo& token, PinOwner owner) {
  if (owner == PinOwner::user)
    return {Errc::pin_locked, fmt::format("the user PIN of the token '{}' is locked; nothing was sent", token.label),
            fmt::format("unblock it with the security officer's PIN: p11csr token unblock --token '{}'", token.uri)};
  return {Errc::pin_locked, fmt::format("the SO PIN of the token '{}' is locked; nothing was sent", token.label),
          "only what the token's maker provides can reset it"};
}

bool fits(const Secret& pin, const TokenInfo& token) {
  return !token.tells_pin_length() || (pin.size() >= token.min_pin_length && pin.size() <= token.max_pin_length);
}

std::string tries_left(const Token& token, PinOwner owner) {
  const PinFlags now = flags_of(read_token_info(*token.module, token.slot), owner);
  if (now.locked) return "; it is now locked";
  if (now.final_try) return "; one try is left before it locks";
  if (now.count_low) return "; few tries are left";
  return "";
}

}  // namespace

void require_may_try(const TokenInfo& token, PinOwner owner, const PinPolicy& policy) {
  const PinFlags flags = flags_of(token, owner);
  if (flags.locked) throw locked(token, owner);
  if (owner == PinOwner::user && !token.user_pin_initialized && !token.protected_authentication_path)
    throw Error(Errc::pin_missing, fmt::format("the token '{}' has no user PIN yet", token.label),
                fmt::format("set one with the security officer's PIN: p11csr token set-pin --token '{}'", token.uri));
  if (flags.final_try && !policy.allow_final_try)
    throw Error(Errc::pin_final_try,
                fmt::format("one more wrong {} locks the token '{}'; nothing was sent", pin_name(owner), token.label),
                fmt::format("if you are sure of the {}, say --allow-final-try", pin_name(owner)));
  if (flags.count_low && policy.warn)
    policy.warn(
        fmt::format("a wrong {} was given to the token '{}' before: few tries are left", pin_name(owner), token.label));
}

std::optional<Secret> read_known_pin(const TokenInfo& token, PinOwner owner, const PinReader& pin,
                                     const PinPolicy& policy) {
  require_may_try(token, owner, policy);
  if (token.protected_authentication_path) return std::nullopt;
  Secret known = pin(token);
  check_known_length(known, token, owner);
  return known;
}

void check_known_length(const Secret& pin, const TokenInfo& token, PinOwner owner) {
  if (fits(pin, token)) return;
  throw Error(Errc::pin_incorrect,
              fmt::format("the {} is not {} to {} characters long, as the token '{}' wants; nothing was sent",
                          pin_name(owner), token.min_pin_length, token.max_pin_length, token.label),
              "check the PIN source; a file's final newline is not part of the PIN");
}

void check_new_length(const Secret& pin, const TokenInfo& token, PinOwner owner) {
  if (fits(pin, token) && !pin.empty()) return;
  throw Error(Errc::pin_incorrect,
              fmt::format("the new {} is not {} to {} characters long, as the token '{}' wants; nothing was sent",
                          pin_name(owner), token.min_pin_length, token.max_pin_length, token.label),
              "choose another one, or let --generate-pin make one");
}

namespace {

std::string hint_of_refusal(Errc code, PinOwner owner) {
  if (code != Errc::pin_locked) return "the PIN was sent once and is not tried again; check it before the next run";
  if (owner == PinOwner::security_officer)
    return "only who made the token can say whether anything but initialising it anew helps";
  return "p11csr token unblock sets a new PIN with the security officer's; a TPM opens after a while, or once its "
         "owner resets the lockout";
}

}  // namespace

Error refused_pin(CK_RV result, const char* call, const Token& token, PinOwner owner) {
  const Error plain = failure(result, call);
  std::string message = plain.what();
  const bool about_the_pin = plain.code() == Errc::pin_incorrect || plain.code() == Errc::pin_locked;
  if (about_the_pin && owner == PinOwner::security_officer)
    message = plain.code() == Errc::pin_locked ? "the PIN of the security officer is locked"
                                               : message + " of the security officer";
  if (about_the_pin) {
    try {
      message += tries_left(token, owner);
    } catch (const Error&) {  // the counters are a courtesy; the refused PIN is the error
    }
  }
  return {plain.code(), message, hint_of_refusal(plain.code(), owner), plain.call()};
}

}  // namespace p11csr::pkcs11
