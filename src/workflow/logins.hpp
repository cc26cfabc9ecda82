#pragma once

#include <memory>
#include <optional>

#include <p11csr/workflow/surroundings.hpp>

#include "pkcs11/login.hpp"
#include "pkcs11/session.hpp"
#include "workflow/open_token.hpp"

namespace p11csr::workflow {

/// Logins are the logins of a command that makes keys and signs with them: the user's, and the security officer's where
/// the token wants that one for making and destroying keys, and for storing certificates. A token has one login at a
/// time (PKCS #11, 5.6, C_Login), so they take turns. Each PIN is read once; one that the token accepted may be sent to
/// it again, one that it refused never is (docs/decisions/0004-two-logins.md). The arguments outlive it.
class Logins {
 public:
  /// Logins looks at the flags of every PIN that will be needed before the first one is sent, and logs the user in.
  /// Throws Error(pin_*).
  Logins(const pkcs11::Session& session, OpenToken& open, const PinChoice& pin,
         const std::optional<OfficerChoice>& officer, const Surroundings& surroundings);

  /// on is the same user's login, seen from another session with the token: all sessions share it (PKCS #11, 5.6,
  /// C_Login).
  [[nodiscard]] Logins on(const pkcs11::Session& session) const;

  [[nodiscard]] const pkcs11::Login& user() const noexcept { return *user_; }
  /// user_again logs the user in after the token forgot it. Throws Error(pin_*).
  void user_again() { user_->log_in_again(session_, token_); }
  /// takes_turns is true where the security officer makes and destroys keys. Handles to private objects end with each
  /// turn.
  [[nodiscard]] bool takes_turns() const noexcept { return officer_choice_.has_value(); }
  /// generator is who makes and destroys keys.
  [[nodiscard]] PinOwner generator() const noexcept {
    return takes_turns() ? PinOwner::security_officer : PinOwner::user;
  }

  /// as_generator and as_user log in who is not logged in yet, and the other one out. Throw Error.
  void as_generator();
  void as_user();

 private:
  Logins(const pkcs11::Session& session, const Logins& shared)
      : session_(session), token_(shared.token_), surroundings_(shared.surroundings_), user_(shared.user_) {}

  const pkcs11::Session& session_;
  const pkcs11::Token& token_;
  const Surroundings& surroundings_;
  std::optional<OfficerChoice> officer_choice_;
  std::shared_ptr<pkcs11::Login> user_;
  std::optional<pkcs11::Login> officer_;
  std::optional<PinOwner> who_ = PinOwner::user;  // empty after a login that failed
};

}  // namespace p11csr::workflow
