#include <fmt/format.h>
#include <optional>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/set_up_token.hpp>

#include "pkcs11/login.hpp"
#include "pkcs11/pin_argument.hpp"
#include "pkcs11/pin_rules.hpp"
#include "pkcs11/token_setup.hpp"
#include "workflow/open_token.hpp"

namespace p11csr::workflow {
namespace {

using pkcs11::Access;
using pkcs11::if_any;
using pkcs11::Login;
using pkcs11::Session;
using pkcs11::Token;

bool has_pin_pad(const Token& token) { return token.info.protected_authentication_path; }

pkcs11::PinPolicy policy(const OfficerChoice& officer, const Surroundings& surroundings) {
  return {officer.allow_final_try, surroundings.say};
}

// Nothing where the token asks at its PIN pad.
std::optional<Secret> chosen_pin(const NewPinReader& new_pin, const Token& token, PinOwner owner,
                                 const Surroundings& surroundings) {
  if (has_pin_pad(token)) {
    if (surroundings.say)
      surroundings.say(
          fmt::format("enter the new {} of the token '{}' on its PIN pad", pin_name(owner), token.info.label));
    return std::nullopt;
  }
  Secret pin = new_pin(token.info);
  pkcs11::check_new_length(pin, token.info, owner);
  return pin;
}

// What counts is what the token says afterwards.
TokenInfo with_user_pin(const Token& token) {
  TokenInfo now = pkcs11::read_token_info(*token.module, token.slot);
  if (now.user_pin_locked)
    throw Error(Errc::token_failed, "the token took the new user PIN and says that it is locked all the same",
                fmt::format("look at it: p11csr token info --token '{}'", now.uri));
  if (!now.user_pin_initialized)
    throw Error(Errc::token_failed, "the token took the new user PIN and says that it has none",
                fmt::format("look at it: p11csr token info --token '{}'", now.uri));
  return now;
}

// Some tokens forget the wrong PINs of before only at the first right one (openCryptoki), and would be left alone as
// being at their final try.
TokenInfo with_all_tries(const Session& session, const Token& token, const Secret* pin) {
  TokenInfo now = with_user_pin(token);
  if (pin == nullptr || !(now.user_pin_final_try || now.user_pin_count_low)) return now;
  session.log_out();
  const CK_RV result = session.log_in(CKU_USER, pin);
  if (result != CKR_OK) throw pkcs11::refused_pin(result, "C_Login", token, PinOwner::user);
  return with_user_pin(token);
}

TokenInfo set_by_officer(const Token& token, const OfficerChoice& officer, const NewPinReader& new_pin,
                         const Surroundings& surroundings) {
  const Session session = Session::open(token.module, token.slot, Access::read_write);
  const Login login = log_in_officer(session, token, officer, surroundings);
  const auto pin = chosen_pin(new_pin, token, PinOwner::user, surroundings);
  session.init_pin(if_any(pin));
  return with_all_tries(session, token, if_any(pin));
}

// A blank token's flags of its SO PIN mean nothing (SoftHSM2 says that it is locked).
void require_erasable(const Token& token, const TokenSetup& setup, const Surroundings& surroundings) {
  if (!token.info.initialized) return;
  pkcs11::require_may_try(token.info, PinOwner::security_officer, policy(setup.officer, surroundings));
  if (!setup.confirm(token.info)) throw Error(Errc::interrupted, "nothing was done to the token");
}

std::optional<Secret> officer_pin_of(const Token& token, const TokenSetup& setup, const Surroundings& surroundings) {
  if (has_pin_pad(token)) {
    if (surroundings.say) surroundings.say("enter the SO PIN on the token's PIN pad");
    return std::nullopt;
  }
  Secret pin = officer_pin_reader(setup.officer, surroundings)(token.info);
  if (token.info.initialized)
    pkcs11::check_known_length(pin, token.info, PinOwner::security_officer);
  else
    pkcs11::check_new_length(pin, token.info, PinOwner::security_officer);
  return pin;
}

Error half_set_up(const Error& error, const char* pin, const char* hint) {
  return {error.code(), fmt::format("{}; the token is initialised and has its label and SO PIN{}", error.what(), pin),
          hint, error.call()};
}

Error without_pin(const Error& error) {
  return half_set_up(error, ", but no user PIN",
                     "set one: p11csr token unblock, with the same --token, label and SO PIN");
}

// A call that failed may have done its work: the token is asked, where it still answers.
Error perhaps_without_pin(const Token& token, const Error& error) {
  const char* unknown = "; whether it has its user PIN is not known";
  try {
    if (!pkcs11::read_token_info(*token.module, token.slot).user_pin_initialized) return without_pin(error);
    unknown = ", and says that it has a user PIN";
  } catch (const Error&) {  // what failed before is the error to tell
  }
  return half_set_up(error, unknown, "look at it: p11csr token info; p11csr token unblock sets another PIN");
}

// The token is initialised by now: an error has to say what it lacks.
TokenInfo finish_setup(const Token& token, const TokenSetup& setup, const std::optional<Secret>& officer,
                       const std::optional<Secret>& user) {
  bool sent = false;
  try {
    pkcs11::set_user_pin(token, if_any(officer), if_any(user), [&] {
      sent = true;
      if (setup.about_to_set_pin) setup.about_to_set_pin();
    });
  } catch (const Error& error) {
    throw sent ? perhaps_without_pin(token, error) : without_pin(error);
  }
  try {
    return with_user_pin(token);
  } catch (const Error& error) {
    // What the token itself says of its PIN is in the error already.
    if (error.call().empty() && error.code() != Errc::interrupted) throw;
    throw half_set_up(error, ", and took its user PIN", "look at it: p11csr token info");
  }
}

}  // namespace

TokenInfo initialize_token(const TokenChoice& choice, const TokenSetup& setup, const Surroundings& surroundings) {
  pkcs11::require_label(setup.label);
  const Token token = token_to_initialize(choice, surroundings);
  require_erasable(token, setup, surroundings);
  const auto officer = officer_pin_of(token, setup, surroundings);
  const auto user = chosen_pin(setup.new_pin, token, PinOwner::user, surroundings);
  if (setup.about_to_initialize) setup.about_to_initialize();
  pkcs11::initialize_token(token, setup.label, if_any(officer));
  return finish_setup(token, setup, officer, user);
}

TokenInfo change_pin(const TokenChoice& choice, const PinChange& change, const Surroundings& surroundings) {
  OpenToken open = open_token(choice, nullptr, surroundings);
  const Token& token = open.token;
  if (change.owner == PinOwner::user && !token.info.user_pin_initialized && !has_pin_pad(token)) {
    if (surroundings.say)
      surroundings.say(
          fmt::format("the token '{}' has no user PIN yet: the security officer sets it", token.info.label));
    return set_by_officer(token, change.officer, change.new_pin, surroundings);
  }
  const Session session = Session::open(token.module, token.slot, Access::read_write);
  const auto next = [&](const TokenInfo& /*unused*/) {
    return chosen_pin(change.new_pin, token, change.owner, surroundings);
  };
  if (change.owner == PinOwner::user)
    pkcs11::change_user_pin(session, token, pin_reader(open, change.pin, surroundings), next,
                            {change.pin.allow_final_try, surroundings.say});
  else
    pkcs11::change_officer_pin(session, token, officer_pin_reader(change.officer, surroundings), next,
                               policy(change.officer, surroundings));
  return pkcs11::read_token_info(*token.module, token.slot);
}

TokenInfo unblock_pin(const TokenChoice& choice, const OfficerChoice& officer, const NewPinReader& new_pin,
                      const Surroundings& surroundings) {
  const OpenToken open = open_token(choice, nullptr, surroundings);
  return set_by_officer(open.token, officer, new_pin, surroundings);
}

void check_token_label(const std::string& label) { pkcs11::require_label(label); }

}  // namespace p11csr::workflow
