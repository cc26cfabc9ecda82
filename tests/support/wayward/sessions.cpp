#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "behaviour.hpp"

namespace wayward {
namespace {

/// typed_pin is what the person types on the imagined PIN pad.
std::string_view typed_pin(CK_USER_TYPE user) {
  const char* pin = std::getenv(user == CKU_SO ? "WAYWARD_SO_PIN" : "WAYWARD_PIN");
  if (pin != nullptr) return pin;
  return user == CKU_SO ? "12345678" : "1234";
}

/// new_pin is what the person types where a new user PIN is wanted.
std::string_view typed_new_pin() {
  const char* pin = std::getenv("WAYWARD_NEW_PIN");
  return pin != nullptr ? pin : "4321";
}

Bytes octets(std::string_view text) { return {text.begin(), text.end()}; }

CK_RV context_login(State& state, CK_SESSION_HANDLE session, std::string_view pin) {
  return state.with_sessions([&](Sessions& sessions) -> CK_RV {
    const auto record = sessions.find(session);
    if (record == sessions.end()) return CKR_SESSION_HANDLE_INVALID;
    // PKCS #11 v2.40, 5.6: a context-specific login without an operation that wants it.
    if (!record->second.signing) return CKR_OPERATION_NOT_INITIALIZED;
    if (pin != typed_pin(CKU_USER)) return CKR_PIN_INCORRECT;
    record->second.context_login_done = true;
    return CKR_OK;
  });
}

}  // namespace

CK_RV initialize(State& state, void* arguments) {
  const auto& required = state.orders().required_init_args;
  if (!required) return state.backend().C_Initialize(arguments);
  if (arguments == nullptr) return CKR_ARGUMENTS_BAD;
  // The backend must see no reserved argument, so it gets a copy.
  CK_C_INITIALIZE_ARGS given = *static_cast<CK_C_INITIALIZE_ARGS*>(arguments);
  if (given.pReserved == nullptr || *required != static_cast<const char*>(given.pReserved)) return CKR_ARGUMENTS_BAD;
  given.pReserved = nullptr;
  return state.backend().C_Initialize(&given);
}

CK_RV open_session(State& state, CK_SLOT_ID slot, CK_FLAGS flags, void* application, CK_NOTIFY notify,
                   CK_SESSION_HANDLE* session) {
  return state.with_sessions([&](Sessions& sessions) -> CK_RV {
    const bool open = std::any_of(sessions.begin(), sessions.end(),
                                  [&](const Sessions::value_type& each) { return each.second.slot == slot; });
    if (state.orders().one_session && open) return CKR_SESSION_COUNT;
    if (state.orders().read_write_only && (flags & CKF_RW_SESSION) == 0) return CKR_FUNCTION_FAILED;
    const CK_RV value = state.backend().C_OpenSession(slot, flags, application, notify, session);
    if (value != CKR_OK) return value;
    SessionRecord record;
    record.slot = slot;
    sessions[*session] = record;
    return CKR_OK;
  });
}

CK_RV close_session(State& state, CK_SESSION_HANDLE session) {
  const CK_RV value = state.backend().C_CloseSession(session);
  if (value == CKR_OK) state.with_sessions([&](Sessions& sessions) { sessions.erase(session); });
  return value;
}

CK_RV close_all_sessions(State& state, CK_SLOT_ID slot) {
  const CK_RV value = state.backend().C_CloseAllSessions(slot);
  if (value != CKR_OK) return value;
  state.with_sessions([&](Sessions& sessions) {
    std::erase_if(sessions, [&](const Sessions::value_type& each) { return each.second.slot == slot; });
  });
  return CKR_OK;
}

CK_RV login(State& state, CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_BYTE* pin, CK_ULONG pin_length) {
  std::string_view text(reinterpret_cast<const char*>(pin), pin == nullptr ? 0 : pin_length);
  if (state.orders().pin_pad) {
    if (pin != nullptr) return CKR_ARGUMENTS_BAD;
    text = typed_pin(user);
  }
  if (state.orders().always_authenticate && user == CKU_CONTEXT_SPECIFIC) return context_login(state, session, text);
  if (state.orders().officer_makes_keys && user != CKU_CONTEXT_SPECIFIC)
    return login_by_roles(state, session, user, octets(text));
  if (!state.orders().pin_pad) return state.backend().C_Login(session, user, pin, pin_length);
  Bytes typed = octets(text);
  return state.backend().C_Login(session, user, typed.data(), static_cast<CK_ULONG>(typed.size()));
}

CK_RV init_token(State& state, CK_SLOT_ID slot, CK_BYTE* pin, CK_ULONG pin_length, CK_BYTE* label) {
  if (!state.orders().pin_pad) return state.backend().C_InitToken(slot, pin, pin_length, label);
  if (pin != nullptr) return CKR_ARGUMENTS_BAD;
  Bytes typed = octets(typed_pin(CKU_SO));
  return state.backend().C_InitToken(slot, typed.data(), static_cast<CK_ULONG>(typed.size()), label);
}

CK_RV init_pin(State& state, CK_SESSION_HANDLE session, CK_BYTE* pin, CK_ULONG pin_length) {
  if (!state.orders().pin_pad) return state.backend().C_InitPIN(session, pin, pin_length);
  if (pin != nullptr) return CKR_ARGUMENTS_BAD;
  Bytes typed = octets(typed_new_pin());
  return state.backend().C_InitPIN(session, typed.data(), static_cast<CK_ULONG>(typed.size()));
}

CK_RV set_pin(State& state, CK_SESSION_HANDLE session, CK_BYTE* old_pin, CK_ULONG old_length, CK_BYTE* new_pin,
              CK_ULONG new_length) {
  if (!state.orders().pin_pad) return state.backend().C_SetPIN(session, old_pin, old_length, new_pin, new_length);
  if (old_pin != nullptr || new_pin != nullptr) return CKR_ARGUMENTS_BAD;
  Bytes before = octets(typed_pin(CKU_USER));
  Bytes after = octets(typed_new_pin());
  return state.backend().C_SetPIN(session, before.data(), static_cast<CK_ULONG>(before.size()), after.data(),
                                  static_cast<CK_ULONG>(after.size()));
}

}  // namespace wayward
