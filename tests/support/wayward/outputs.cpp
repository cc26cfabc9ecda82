#include "outputs.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include "names_table.hpp"

namespace wayward {
namespace {

/// field is an output of fixed size.
template <typename Value>
Output field(std::string name, Value* value) {
  return {std::move(name), reinterpret_cast<CK_BYTE*>(value), nullptr, sizeof *value};
}

/// list is one whose length the caller is told; before the call its room stands there.
template <typename Item>
Output list(std::string name, Item* items, CK_ULONG* length) {
  return {std::move(name), reinterpret_cast<CK_BYTE*>(items), length, length != nullptr ? *length : 0, sizeof(Item)};
}

std::string attribute_name(CK_ATTRIBUTE_TYPE type) {
  std::string name = "attribute-" + std::to_string(type);
  // Of two names the later one is the newer: CKA_ECDSA_PARAMS, CKA_EC_PARAMS.
  for (const NamedConstant& each : named_constants()) {
    if (each.value == type && each.name.starts_with("CKA_")) name = each.name;
  }
  return name;
}

CK_ULONG wrong_length(const Output& output, Change change) {
  switch (change) {
    case Change::shorter:
      return *output.length - 1;
    case Change::longer:
      return *output.length + 1;
    case Change::beyond_room:
      return output.room + 1;
    case Change::minus_one:
      return CK_UNAVAILABLE_INFORMATION;
    case Change::minus_two:
      return CK_UNAVAILABLE_INFORMATION - 1;
    case Change::empty:
      return 0;
    case Change::one:
      return 1;
    case Change::first_bit:
    case Change::last_bit:
      break;
  }
  return *output.length;
}

/// held is what stands in the output.
std::span<CK_BYTE> held(const Output& output) {
  const CK_ULONG length = output.length != nullptr ? *output.length : output.room;
  if (output.value == nullptr || length > output.room) return {};
  return {output.value, length * output.unit};
}

void alter_octets(const Output& output, Change change) {
  const std::span<CK_BYTE> octets = held(output);
  if (octets.empty()) return;
  if (change == Change::first_bit) octets.front() ^= 1;
  if (change == Change::last_bit) octets.back() ^= 1;
  if (change == Change::one) octets.front() = 1;
  if (output.length != nullptr) return;
  if (change == Change::empty) std::fill(octets.begin(), octets.end(), CK_BYTE{0});
  if (change == Change::minus_one) std::fill(octets.begin(), octets.end(), CK_BYTE{0xFF});
}

}  // namespace

Outputs outputs_of(std::string_view /*function*/, CK_INFO* info) {
  if (info == nullptr) return {};
  return {field("manufacturerID", &info->manufacturerID), field("libraryDescription", &info->libraryDescription)};
}

Outputs outputs_of(std::string_view /*function*/, CK_SLOT_ID /*slot*/, CK_SLOT_INFO* info) {
  if (info == nullptr) return {};
  return {field("slotDescription", &info->slotDescription), field("flags", &info->flags)};
}

Outputs outputs_of(std::string_view /*function*/, CK_SLOT_ID /*slot*/, CK_TOKEN_INFO* info) {
  if (info == nullptr) return {};
  return {field("label", &info->label),
          field("manufacturerID", &info->manufacturerID),
          field("model", &info->model),
          field("serialNumber", &info->serialNumber),
          field("flags", &info->flags),
          field("ulMaxSessionCount", &info->ulMaxSessionCount),
          field("ulMaxPinLen", &info->ulMaxPinLen),
          field("ulMinPinLen", &info->ulMinPinLen)};
}

Outputs outputs_of(std::string_view /*function*/, CK_BBOOL /*token_present*/, CK_ULONG* items, CK_ULONG* count) {
  return {list("slots", items, count)};
}

Outputs outputs_of(std::string_view /*function*/, CK_ULONG /*slot*/, CK_ULONG* items, CK_ULONG* count) {
  return {list("mechanisms", items, count)};
}

Outputs outputs_of(std::string_view /*function*/, CK_FLAGS /*flags*/, CK_SLOT_ID* slot, void* /*reserved*/) {
  return {field("slot", slot)};
}

Outputs outputs_of(std::string_view /*function*/, CK_SLOT_ID /*slot*/, CK_FLAGS /*flags*/, void* /*application*/,
                   CK_NOTIFY /*notify*/, CK_SESSION_HANDLE* session) {
  return {field("session", session)};
}

Outputs outputs_of(std::string_view /*function*/, CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE* objects,
                   CK_ULONG room, CK_ULONG* count) {
  Output found = list("objects", objects, count);
  found.room = room;
  return {std::move(found)};
}

Outputs outputs_of(std::string_view function, CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE /*object*/,
                   CK_ATTRIBUTE* attributes, CK_ULONG count) {
  Outputs outputs;
  if (function != "C_GetAttributeValue" || attributes == nullptr) return outputs;
  for (CK_ATTRIBUTE& each : std::span(attributes, count)) {
    outputs.push_back(list(attribute_name(each.type), static_cast<CK_BYTE*>(each.pValue), &each.ulValueLen));
  }
  return outputs;
}

Outputs outputs_of(std::string_view /*function*/, CK_SESSION_HANDLE /*session*/, CK_ATTRIBUTE* /*attributes*/,
                   CK_ULONG /*count*/, CK_OBJECT_HANDLE* object) {
  return {field("object", object)};
}

Outputs outputs_of(std::string_view /*function*/, CK_SESSION_HANDLE /*session*/, CK_MECHANISM* /*mechanism*/,
                   CK_ATTRIBUTE* /*public_attributes*/, CK_ULONG /*public_count*/, CK_ATTRIBUTE* /*private_attributes*/,
                   CK_ULONG /*private_count*/, CK_OBJECT_HANDLE* public_key, CK_OBJECT_HANDLE* private_key) {
  return {field("public-key", public_key), field("private-key", private_key)};
}

Outputs outputs_of(std::string_view /*function*/, CK_SESSION_HANDLE /*session*/, CK_BYTE* /*data*/,
                   CK_ULONG /*data_length*/, CK_BYTE* result, CK_ULONG* length) {
  return {list("result", result, length)};
}

Outputs outputs_of(std::string_view /*function*/, CK_SESSION_HANDLE /*session*/, CK_BYTE* result, CK_ULONG* length) {
  return {list("result", result, length)};
}

void alter(const Output& output, Change change) {
  alter_octets(output, change);
  if (output.length != nullptr) *output.length = wrong_length(output, change);
}

std::string description(const Output& output) {
  return output.name + ' ' + (output.length != nullptr ? std::to_string(*output.length) : "-");
}

}  // namespace wayward
