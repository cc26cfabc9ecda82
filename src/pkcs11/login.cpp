#include "pkcs11/login.hpp"

#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "pkcs11/pin_argument.hpp"
#include "pkcs11/return_code.hpp"

namespace p11csr::pkcs11 {
namespace {

CK_USER_TYPE user_type(PinOwner owner) { return owner == PinOwner::user ? CKU_USER : CKU_SO; }

}  // namespace

Login Login::as_user(const Session& session, const Token& token, const PinReader& pin, const PinPolicy& policy) {
  if (!token.info.login_required) return {std::nullopt, std::nullopt, {}};
  return as(PinOwner::user, session, token, pin, policy);
}

Login Login::as_security_officer(const Session& session, const Token& token, const PinReader& pin,
                                 const PinPolicy& policy) {
  return as(PinOwner::security_officer, session, token, pin, policy);
}

Login Login::as(PinOwner owner, const Session& session, const Token& token, const PinReader& pin,
                const PinPolicy& policy) {
  std::optional<Secret> secret = read_known_pin(token.info, owner, pin, policy);
  std::function<void()> point_to_pin_pad;
  if (!secret) {
    point_to_pin_pad = [warn = policy.warn, owner, label = token.info.label] {
      if (warn) warn(fmt::format("enter the {} of the token '{}' on its PIN pad", pin_name(owner), label));
    };
    point_to_pin_pad();
  }
  const CK_RV result = session.log_in(user_type(owner), if_any(secret));
  if (result != CKR_OK && result != CKR_USER_ALREADY_LOGGED_IN) throw refused_pin(result, "C_Login", token, owner);
  return {owner, std::move(secret), std::move(point_to_pin_pad)};
}

void Login::log_out(const Session& session) const {
  if (owner_) session.log_out();
}

void Login::log_in_again(const Session& session, const Token& token) {
  if (!owner_) return;
  if (!pin_ && !point_to_pin_pad_)
    throw Error(Errc::pin_missing, fmt::format("the {} is not there any more", pin_name(*owner_)));
  if (point_to_pin_pad_) point_to_pin_pad_();
  const CK_RV result = session.log_in(user_type(*owner_), if_any(pin_));
  if (result == CKR_OK || result == CKR_USER_ALREADY_LOGGED_IN) return;
  const Error refused = refused_pin(result, "C_Login", token, *owner_);
  // A token that is not there has not refused the PIN, which it took before.
  if (!loses_session(refused)) forget();
  throw Error(refused);
}

void Login::for_signature(const Session& session) const {
  if (point_to_pin_pad_) point_to_pin_pad_();
  const CK_RV result = session.log_in(CKU_CONTEXT_SPECIFIC, if_any(pin_));
  // NSS answers that somebody is logged in and signs all the same.
  if (result == CKR_OK || result == CKR_USER_ALREADY_LOGGED_IN) return;
  const Error plain = failure(result, "C_Login");
  throw Error(plain.code(), fmt::format("the key wants the PIN at every signature: {}", plain.what()),
              "the PIN was sent once for this signature and is not tried again", plain.call());
}

}  // namespace p11csr::pkcs11
