#include <algorithm>
#include <array>

#include "behaviour.hpp"
#include "encodings.hpp"

namespace wayward {
namespace {

SessionRecord record_of(State& state, CK_SESSION_HANDLE session) {
  return state.with_sessions([&](Sessions& sessions) {
    const auto record = sessions.find(session);
    return record == sessions.end() ? SessionRecord() : record->second;
  });
}

void forget_operation(State& state, CK_SESSION_HANDLE session) {
  state.with_sessions([&](Sessions& sessions) {
    const auto record = sessions.find(session);
    if (record == sessions.end()) return;
    SessionRecord fresh;
    fresh.slot = record->second.slot;
    record->second = fresh;
  });
}

/// lacks_login tells whether the operation waits for the login that CKA_ALWAYS_AUTHENTICATE asks for.
bool lacks_login(const State& state, const SessionRecord& record) {
  return state.orders().always_authenticate && record.signing && !record.context_login_done;
}

/// refuse ends the operation, as each error but a small buffer does (PKCS #11 v2.40, 5.11), also in the backend, which
/// has no other way to end one than to sign.
CK_RV refuse(State& state, CK_SESSION_HANDLE session, CK_RV value) {
  std::array<CK_BYTE, 32> hash = {};
  std::array<CK_BYTE, 1024> ignored = {};
  CK_ULONG length = ignored.size();
  state.backend().C_Sign(session, hash.data(), hash.size(), ignored.data(), &length);
  forget_operation(state, session);
  return value;
}

/// has_another_room tells whether the caller's room is not as long as the signature will be, with exact-room.
bool has_another_room(State& state, CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG data_length,
                      const CK_BYTE* signature, CK_ULONG room) {
  if (!state.orders().exact_room || signature == nullptr) return false;
  CK_ULONG needed = 0;
  return state.backend().C_Sign(session, data, data_length, nullptr, &needed) == CKR_OK && needed != room;
}

CK_RV sign_emulated(State& state, CK_SESSION_HANDLE session, CK_MECHANISM_TYPE mechanism, const Bytes& data,
                    CK_BYTE* signature, CK_ULONG* signature_length) {
  Bytes hash = digest_for(mechanism, data);
  return state.backend().C_Sign(session, hash.data(), static_cast<CK_ULONG>(hash.size()), signature, signature_length);
}

/// spoil alters a finished signature as ordered.
void spoil(State& state, CK_BYTE* signature, CK_ULONG* signature_length) {
  if (state.next_signature_flips() && *signature_length > 0) signature[*signature_length - 1] ^= 1;
  if (state.orders().signature_length) *signature_length = *state.orders().signature_length;
}

/// conclude is what both ways of signing end with.
CK_RV conclude(State& state, CK_SESSION_HANDLE session, CK_RV value, CK_BYTE* signature, CK_ULONG* signature_length) {
  const bool goes_on = value == CKR_BUFFER_TOO_SMALL || (value == CKR_OK && signature == nullptr);
  if (value == CKR_OK && goes_on && state.orders().promised_length) *signature_length = *state.orders().promised_length;
  if (goes_on) return value;
  forget_operation(state, session);
  if (value == CKR_OK) spoil(state, signature, signature_length);
  return value;
}

}  // namespace

CK_RV sign_init(State& state, CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  if (mechanism == nullptr) return CKR_ARGUMENTS_BAD;
  const Orders& orders = state.orders();
  if (const auto refusal = mechanism_refusal(orders, mechanism->mechanism)) return *refusal;
  if (orders.officer_makes_keys && state.role() != Role::user) return CKR_USER_NOT_LOGGED_IN;
  const auto& emulable = orders.emulated_mechanisms;
  const bool emulated = std::find(emulable.begin(), emulable.end(), mechanism->mechanism) != emulable.end();
  CK_MECHANISM raw = {CKM_ECDSA, nullptr, 0};
  const CK_RV value = state.backend().C_SignInit(session, emulated ? &raw : mechanism, key);
  if (value != CKR_OK) return value;
  state.with_sessions([&](Sessions& sessions) {
    SessionRecord& record = sessions[session];
    record.signing = true;
    record.context_login_done = false;
    record.emulated = emulated ? std::optional(mechanism->mechanism) : std::nullopt;
    record.parts.clear();
  });
  return CKR_OK;
}

CK_RV sign(State& state, CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG data_length, CK_BYTE* signature,
           CK_ULONG* signature_length) {
  const SessionRecord record = record_of(state, session);
  if (lacks_login(state, record)) return refuse(state, session, CKR_USER_NOT_LOGGED_IN);
  if (has_another_room(state, session, data, data_length, signature, *signature_length))
    return refuse(state, session, CKR_ARGUMENTS_BAD);
  const CK_RV value = record.emulated ? sign_emulated(state, session, *record.emulated, Bytes(data, data + data_length),
                                                      signature, signature_length)
                                      : state.backend().C_Sign(session, data, data_length, signature, signature_length);
  return conclude(state, session, value, signature, signature_length);
}

CK_RV sign_update(State& state, CK_SESSION_HANDLE session, CK_BYTE* part, CK_ULONG part_length) {
  const SessionRecord record = record_of(state, session);
  if (lacks_login(state, record)) return refuse(state, session, CKR_USER_NOT_LOGGED_IN);
  if (!record.emulated) return state.backend().C_SignUpdate(session, part, part_length);
  state.with_sessions([&](Sessions& sessions) {
    Bytes& parts = sessions[session].parts;
    parts.insert(parts.end(), part, part + part_length);
  });
  return CKR_OK;
}

CK_RV sign_final(State& state, CK_SESSION_HANDLE session, CK_BYTE* signature, CK_ULONG* signature_length) {
  const SessionRecord record = record_of(state, session);
  if (lacks_login(state, record)) return refuse(state, session, CKR_USER_NOT_LOGGED_IN);
  const CK_RV value = record.emulated
                          ? sign_emulated(state, session, *record.emulated, record.parts, signature, signature_length)
                          : state.backend().C_SignFinal(session, signature, signature_length);
  return conclude(state, session, value, signature, signature_length);
}

}  // namespace wayward
