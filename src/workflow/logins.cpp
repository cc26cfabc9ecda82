#include "workflow/logins.hpp"

namespace p11csr::workflow {
namespace {

pkcs11::Login first_login(const pkcs11::Session& session, OpenToken& open, const PinChoice& pin,
                          const std::optional<OfficerChoice>& officer, const Surroundings& surroundings) {
  if (officer) {
    // Each login looks at its own flags again, and warns then.
    const TokenInfo& token = open.token.info;
    if (token.login_required) pkcs11::require_may_try(token, PinOwner::user, {pin.allow_final_try, {}});
    pkcs11::require_may_try(token, PinOwner::security_officer, {officer->allow_final_try, {}});
  }
  return log_in(session, open, pin, surroundings);
}

}  // namespace

Logins::Logins(const pkcs11::Session& session, OpenToken& open, const PinChoice& pin,
               const std::optional<OfficerChoice>& officer, const Surroundings& surroundings)
    : session_(session),
      token_(open.token),
      surroundings_(surroundings),
      officer_choice_(officer),
      user_(std::make_shared<pkcs11::Login>(first_login(session, open, pin, officer, surroundings))) {}

Logins Logins::on(const pkcs11::Session& session) const { return {session, *this}; }

void Logins::as_generator() {
  if (!takes_turns() || who_ == PinOwner::security_officer) return;
  if (who_) {
    user_->log_out(session_);
    who_.reset();
  }
  if (officer_)
    officer_->log_in_again(session_, token_);
  else
    officer_ = log_in_officer(session_, token_, *officer_choice_, surroundings_);
  who_ = PinOwner::security_officer;
}

void Logins::as_user() {
  if (who_ == PinOwner::user) return;
  if (who_) {
    officer_->log_out(session_);
    who_.reset();
  }
  user_->log_in_again(session_, token_);
  who_ = PinOwner::user;
}

}  // namespace p11csr::workflow
