#include "pkcs11/token_setup.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "model/quote.hpp"
#include "pkcs11/pin_argument.hpp"
#include "pkcs11/return_code.hpp"

namespace p11csr::pkcs11 {
namespace {

// "The label of the new token must be 32 bytes long, padded with blank characters, and must not be null-terminated"
// (PKCS #11, 5.5, C_InitToken).
using PaddedLabel = std::array<CK_UTF8CHAR, 32>;

PaddedLabel padded(const std::string& label) {
  PaddedLabel result{};
  if (label.empty() || label.size() > result.size())
    throw Error(Errc::malformed_input, "the token's label " + model::in_quotes(label) + " is not 1 to 32 octets long",
                "choose another label");
  result.fill(' ');
  std::copy(label.begin(), label.end(), result.begin());
  return result;
}

/// PinsOfChange are the old PIN and the new one; neither for a token with a PIN pad.
struct PinsOfChange {
  std::optional<Secret> before;
  std::optional<Secret> after;
};

PinsOfChange read_pins(const Token& token, PinOwner owner, const PinReader& old_pin, const NextPin& new_pin,
                       const PinPolicy& policy) {
  PinsOfChange pins;
  pins.before = read_known_pin(token.info, owner, old_pin, policy);
  pins.after = new_pin(token.info);
  return pins;
}

CK_RV log_in_and_set(const Session& session, CK_USER_TYPE user, const PinsOfChange& pins) {
  const CK_RV login = session.log_in(user, if_any(pins.before));
  if (login != CKR_OK) return login;
  return session.set_pin(if_any(pins.before), if_any(pins.after));
}

// tpm2-pkcs11 1.9 answers CKR_OK to a wrong old PIN and changes nothing. What else a login can say is not about the
// PIN.
void require_taken(const Session& session, const Secret& pin) {
  const CK_RV result = session.log_in(CKU_USER, &pin);
  if (result == CKR_OK) return session.log_out();
  const Error plain = failure(result, "C_Login");
  if (plain.code() != Errc::pin_incorrect && plain.code() != Errc::pin_locked) return;
  throw Error(Errc::pin_incorrect,
              "the token says that it changed the PIN, and does not take the new one: " + std::string(plain.what()),
              "the old PIN was probably wrong and still holds; check it before the next run", plain.call());
}

}  // namespace

void require_label(const std::string& label) { static_cast<void>(padded(label)); }

void initialize_token(const Token& token, const std::string& label, const Secret* officer) {
  PaddedLabel text = padded(label);
  const PinArgument pin(officer);
  const CK_RV result =
      token.module->cryptoki().call("C_InitToken", &CK_FUNCTION_LIST::C_InitToken, static_cast<CK_SLOT_ID>(token.slot),
                                    pin.text, pin.length, text.data());
  if (result == CKR_OK) return;
  const Error refused = refused_pin(result, "C_InitToken", token, PinOwner::security_officer);
  if (is_about_pin(refused.code())) throw Error(refused);
  throw Error(refused.code(), fmt::format("{}; whether the token was erased is not known", refused.what()),
              "p11csr token list shows what it is now", refused.call());
}

void set_user_pin(const Token& token, const Secret* officer, const Secret* user,
                  const std::function<void()>& about_to_set) {
  const Session session = Session::open(token.module, token.slot, Access::read_write);
  check(session.log_in(CKU_SO, officer), "C_Login");
  about_to_set();
  session.init_pin(user);
}

void change_user_pin(const Session& session, const Token& token, const PinReader& old_pin, const NextPin& new_pin,
                     const PinPolicy& policy) {
  const PinsOfChange pins = read_pins(token, PinOwner::user, old_pin, new_pin, policy);
  CK_RV result = session.set_pin(if_any(pins.before), if_any(pins.after));
  // The old PIN was not tried then.
  const bool wants_login = result == CKR_USER_NOT_LOGGED_IN;
  if (wants_login) result = log_in_and_set(session, CKU_USER, pins);
  if (result != CKR_OK) throw refused_pin(result, "C_SetPIN", token, PinOwner::user);
  if (!wants_login && pins.after) require_taken(session, *pins.after);
}

void change_officer_pin(const Session& session, const Token& token, const PinReader& old_pin, const NextPin& new_pin,
                        const PinPolicy& policy) {
  const PinsOfChange pins = read_pins(token, PinOwner::security_officer, old_pin, new_pin, policy);
  const CK_RV result = log_in_and_set(session, CKU_SO, pins);
  if (result != CKR_OK) throw refused_pin(result, "C_SetPIN", token, PinOwner::security_officer);
}

}  // namespace p11csr::pkcs11
