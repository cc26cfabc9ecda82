#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cryptoki.hpp"
#include "orders.hpp"

namespace wayward {

/// Output is a place where a call leaves something for its caller.
struct Output {
  std::string name;            // of the attribute, the field, or what else is told
  CK_BYTE* value = nullptr;    // nullptr: the caller asked for the length only
  CK_ULONG* length = nullptr;  // nullptr: of fixed size
  CK_ULONG room = 0;           // what the caller has, or the fixed size; as length, in units
  std::size_t unit = 1;        // octets
};

using Outputs = std::vector<Output>;

// outputs_of notes, before a call is done, where it will leave what it tells; functions are told apart by what they
// take. One that p11csr hears nothing from has no outputs here.
template <typename... Arguments>
Outputs outputs_of(std::string_view /*function*/, Arguments... /*unused*/) {
  return {};
}
Outputs outputs_of(std::string_view function, CK_INFO* info);
Outputs outputs_of(std::string_view function, CK_SLOT_ID slot, CK_SLOT_INFO* info);
Outputs outputs_of(std::string_view function, CK_SLOT_ID slot, CK_TOKEN_INFO* info);
// C_GetSlotList and C_GetMechanismList
Outputs outputs_of(std::string_view function, CK_BBOOL token_present, CK_ULONG* list, CK_ULONG* count);
Outputs outputs_of(std::string_view function, CK_ULONG slot, CK_ULONG* list, CK_ULONG* count);
// C_WaitForSlotEvent
Outputs outputs_of(std::string_view function, CK_FLAGS flags, CK_SLOT_ID* slot, void* reserved);
// C_OpenSession
Outputs outputs_of(std::string_view function, CK_SLOT_ID slot, CK_FLAGS flags, void* application, CK_NOTIFY notify,
                   CK_SESSION_HANDLE* session);
// C_FindObjects
Outputs outputs_of(std::string_view function, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE* objects, CK_ULONG room,
                   CK_ULONG* count);
// C_GetAttributeValue; C_SetAttributeValue takes the same and tells nothing.
Outputs outputs_of(std::string_view function, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                   CK_ATTRIBUTE* attributes, CK_ULONG count);
// C_CreateObject
Outputs outputs_of(std::string_view function, CK_SESSION_HANDLE session, CK_ATTRIBUTE* attributes, CK_ULONG count,
                   CK_OBJECT_HANDLE* object);
// C_GenerateKeyPair
Outputs outputs_of(std::string_view function, CK_SESSION_HANDLE session, CK_MECHANISM* mechanism,
                   CK_ATTRIBUTE* public_attributes, CK_ULONG public_count, CK_ATTRIBUTE* private_attributes,
                   CK_ULONG private_count, CK_OBJECT_HANDLE* public_key, CK_OBJECT_HANDLE* private_key);
// C_Sign, and what else turns octets into octets
Outputs outputs_of(std::string_view function, CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG data_length,
                   CK_BYTE* result, CK_ULONG* length);
// C_SignFinal
Outputs outputs_of(std::string_view function, CK_SESSION_HANDLE session, CK_BYTE* result, CK_ULONG* length);

/// alter makes an output wrong. What cannot be changed so stays: a length of fixed size, an octet that is not there.
void alter(const Output& output, Change change);

/// description is an output's name and its length, "-" where that is fixed.
[[nodiscard]] std::string description(const Output& output);

}  // namespace wayward
