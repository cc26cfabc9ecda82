#pragma once

#include <functional>
#include <optional>

#include <p11csr/model/secret.hpp>
#include <p11csr/pkcs11/token_info.hpp>

#include "pkcs11/pin_rules.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/token.hpp"

namespace p11csr::pkcs11 {

/// Login is a login on a session. It keeps the PIN, wiped at its end, for keys that want it at every signature
/// (CKA_ALWAYS_AUTHENTICATE).
class Login {
 public:
  /// as_user looks at the token's flags first, asks for the PIN, and sends it once. A token that needs no login is left
  /// alone. Throws Error(pin_*).
  [[nodiscard]] static Login as_user(const Session& session, const Token& token, const PinReader& pin,
                                     const PinPolicy& policy);

  /// as_security_officer is the same for the SO PIN, whether the token wants a login or not.
  [[nodiscard]] static Login as_security_officer(const Session& session, const Token& token, const PinReader& pin,
                                                 const PinPolicy& policy);

  /// log_out ends it (C_Logout) and keeps the PIN. Throws Error.
  void log_out(const Session& session) const;
  /// log_in_again sends the PIN that the token accepted before, which costs no try; a PIN pad is asked again. Where the
  /// token refuses it now, it is wiped and never sent again. Throws Error(pin_*).
  void log_in_again(const Session& session, const Token& token);
  /// forget wipes the PIN: there is no log_in_again afterwards.
  void forget() { pin_.reset(); }

  /// for_signature is the context-specific login right before C_Sign (PKCS #11, 5.6, C_Login). Throws Error(pin_*).
  void for_signature(const Session& session) const;

 private:
  static Login as(PinOwner owner, const Session& session, const Token& token, const PinReader& pin,
                  const PinPolicy& policy);
  Login(std::optional<PinOwner> owner, std::optional<Secret> pin, std::function<void()> point_to_pin_pad)
      : owner_(owner), pin_(std::move(pin)), point_to_pin_pad_(std::move(point_to_pin_pad)) {}

  std::optional<PinOwner> owner_;  // empty where the token needs no login
  std::optional<Secret> pin_;
  std::function<void()> point_to_pin_pad_;  // empty where there is none
};

}  // namespace p11csr::pkcs11
