#include <cstdlib>
#include <string_view>

#include "behaviour.hpp"

// A token on which only the security officer makes and destroys keys. The backend lets only its user do that, so
// behind the officer's login the user is logged in there.
namespace wayward {
namespace {

CK_RV log_in_at_backend(State& state, CK_SESSION_HANDLE session, CK_USER_TYPE user, Bytes pin) {
  return state.backend().C_Login(session, user, pin.data(), static_cast<CK_ULONG>(pin.size()));
}

Bytes user_pin() {
  const char* pin = std::getenv("WAYWARD_PIN");
  const std::string_view text = pin != nullptr ? pin : "1234";
  return {text.begin(), text.end()};
}

}  // namespace

bool lacks_officer(State& state) { return state.orders().officer_makes_keys && state.role() != Role::officer; }

CK_RV login_by_roles(State& state, CK_SESSION_HANDLE session, CK_USER_TYPE user, Bytes pin) {
  const Role wanted = user == CKU_SO ? Role::officer : Role::user;
  if (state.role() == wanted) return CKR_USER_ALREADY_LOGGED_IN;
  if (state.role() != Role::nobody) return CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
  CK_RV value = log_in_at_backend(state, session, user, std::move(pin));
  if (value == CKR_OK && wanted == Role::officer) {
    value = state.backend().C_Logout(session);
    if (value == CKR_OK) value = log_in_at_backend(state, session, CKU_USER, user_pin());
  }
  if (value == CKR_OK) state.set_role(wanted);
  return value;
}

CK_RV logout(State& state, CK_SESSION_HANDLE session) {
  const CK_RV value = state.backend().C_Logout(session);
  if (value == CKR_OK) state.set_role(Role::nobody);
  return value;
}

CK_RV create_object(State& state, CK_SESSION_HANDLE session, CK_ATTRIBUTE* attributes, CK_ULONG count,
                    CK_OBJECT_HANDLE* object) {
  if (lacks_officer(state)) return CKR_USER_TYPE_INVALID;
  return state.backend().C_CreateObject(session, attributes, count, object);
}

CK_RV destroy_object(State& state, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  if (lacks_officer(state)) return CKR_USER_TYPE_INVALID;
  return state.backend().C_DestroyObject(session, object);
}

}  // namespace wayward
