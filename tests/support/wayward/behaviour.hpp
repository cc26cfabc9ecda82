#pragma once

#include "state.hpp"

// The functions that can do something else than forward.
namespace wayward {

// sessions.cpp
CK_RV initialize(State& state, void* arguments);
CK_RV open_session(State& state, CK_SLOT_ID slot, CK_FLAGS flags, void* application, CK_NOTIFY notify,
                   CK_SESSION_HANDLE* session);
CK_RV close_session(State& state, CK_SESSION_HANDLE session);
CK_RV close_all_sessions(State& state, CK_SLOT_ID slot);
CK_RV login(State& state, CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_BYTE* pin, CK_ULONG pin_length);
CK_RV init_token(State& state, CK_SLOT_ID slot, CK_BYTE* pin, CK_ULONG pin_length, CK_BYTE* label);
CK_RV init_pin(State& state, CK_SESSION_HANDLE session, CK_BYTE* pin, CK_ULONG pin_length);
CK_RV set_pin(State& state, CK_SESSION_HANDLE session, CK_BYTE* old_pin, CK_ULONG old_length, CK_BYTE* new_pin,
              CK_ULONG new_length);

// officer.cpp
CK_RV login_by_roles(State& state, CK_SESSION_HANDLE session, CK_USER_TYPE user, Bytes pin);
CK_RV logout(State& state, CK_SESSION_HANDLE session);
CK_RV create_object(State& state, CK_SESSION_HANDLE session, CK_ATTRIBUTE* attributes, CK_ULONG count,
                    CK_OBJECT_HANDLE* object);
CK_RV destroy_object(State& state, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object);
/// lacks_officer tells whether making and destroying objects waits for the login of the security officer.
[[nodiscard]] bool lacks_officer(State& state);

// slots.cpp
CK_RV get_slot_list(State& state, CK_BBOOL token_present, CK_SLOT_ID* slots, CK_ULONG* count);
CK_RV wait_for_slot_event(State& state, CK_FLAGS flags, CK_SLOT_ID* slot, void* reserved);
CK_RV get_slot_info(State& state, CK_SLOT_ID slot, CK_SLOT_INFO* info);
CK_RV get_token_info(State& state, CK_SLOT_ID slot, CK_TOKEN_INFO* info);
CK_RV get_mechanism_list(State& state, CK_SLOT_ID slot, CK_MECHANISM_TYPE* mechanisms, CK_ULONG* count);
CK_RV get_mechanism_info(State& state, CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO* info);
/// mechanism_refusal is what C_SignInit and C_GenerateKeyPair return for a hidden or refused mechanism.
[[nodiscard]] std::optional<CK_RV> mechanism_refusal(const Orders& orders, CK_MECHANISM_TYPE type);

// attributes.cpp
CK_RV get_attribute_value(State& state, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* attributes,
                          CK_ULONG count);

CK_RV find_objects(State& state, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE* objects, CK_ULONG room, CK_ULONG* count);

// signing.cpp
CK_RV sign_init(State& state, CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
CK_RV sign(State& state, CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG data_length, CK_BYTE* signature,
           CK_ULONG* signature_length);
CK_RV sign_update(State& state, CK_SESSION_HANDLE session, CK_BYTE* part, CK_ULONG part_length);
CK_RV sign_final(State& state, CK_SESSION_HANDLE session, CK_BYTE* signature, CK_ULONG* signature_length);

// generation.cpp
CK_RV generate_key_pair(State& state, CK_SESSION_HANDLE session, CK_MECHANISM* mechanism,
                        CK_ATTRIBUTE* public_attributes, CK_ULONG public_count, CK_ATTRIBUTE* private_attributes,
                        CK_ULONG private_count, CK_OBJECT_HANDLE* public_key, CK_OBJECT_HANDLE* private_key);

}  // namespace wayward
