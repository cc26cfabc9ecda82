#include <algorithm>
#include <span>

#include "behaviour.hpp"
#include "encodings.hpp"

namespace wayward {
namespace {

/// Answer is what the token will say about one attribute.
struct Answer {
  CK_RV value = CKR_OK;
  Bytes octets;
  std::optional<CK_ULONG> claimed_length;
};

bool is_about_the_attribute(CK_RV value) {
  return value == CKR_OK || value == CKR_ATTRIBUTE_TYPE_INVALID || value == CKR_ATTRIBUTE_SENSITIVE ||
         value == CKR_BUFFER_TOO_SMALL;
}

Answer read_truth(CK_FUNCTION_LIST& backend, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                  CK_ATTRIBUTE_TYPE type) {
  Answer answer;
  CK_ATTRIBUTE attribute = {type, nullptr, 0};
  answer.value = backend.C_GetAttributeValue(session, object, &attribute, 1);
  if (answer.value != CKR_OK) return answer;
  if (attribute.ulValueLen == CK_UNAVAILABLE_INFORMATION) {
    answer.value = CKR_ATTRIBUTE_TYPE_INVALID;
    return answer;
  }
  // One octet more, so that a buffer is given even for an empty value.
  answer.octets.resize(attribute.ulValueLen + 1);
  attribute.pValue = answer.octets.data();
  answer.value = backend.C_GetAttributeValue(session, object, &attribute, 1);
  if (answer.value == CKR_OK) answer.octets.resize(attribute.ulValueLen);
  return answer;
}

std::optional<CK_OBJECT_CLASS> class_of(CK_FUNCTION_LIST& backend, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  CK_OBJECT_CLASS object_class = 0;
  CK_ATTRIBUTE attribute = {CKA_CLASS, &object_class, sizeof object_class};
  if (backend.C_GetAttributeValue(session, object, &attribute, 1) != CKR_OK) return std::nullopt;
  return object_class;
}

void tell_lie(const Lie& lie, Answer& answer) {
  if (std::holds_alternative<Absent>(lie.value)) {
    answer = {CKR_ATTRIBUTE_TYPE_INVALID, {}, std::nullopt};
  } else if (const auto* wrong = std::get_if<WrongLength>(&lie.value)) {
    answer.value = CKR_OK;
    answer.claimed_length = wrong->length;
  } else if (std::holds_alternative<Unwritten>(lie.value)) {
    answer.claimed_length = answer.octets.size();
    answer.octets.clear();
  } else {
    answer = {CKR_OK, std::get<Bytes>(lie.value), std::nullopt};
  }
}

void change(const Orders& orders, CK_OBJECT_CLASS object_class, CK_ATTRIBUTE_TYPE type, Answer& answer) {
  if (answer.value == CKR_OK && type == CKA_EC_POINT) answer.octets = reencode_point(answer.octets, orders.point);
  if (answer.value == CKR_OK && type == CKA_EC_PARAMS) {
    answer.octets = reencode_parameters(answer.octets, orders.parameters);
  }
  const auto lie = std::find_if(orders.lies.begin(), orders.lies.end(), [&](const Lie& each) {
    return each.object_class == object_class && each.type == type;
  });
  if (lie != orders.lies.end()) tell_lie(*lie, answer);
}

/// deliver writes an answer into the caller's attribute (PKCS #11 v2.40, 5.7, C_GetAttributeValue, rules 1 to 5).
CK_RV deliver(const Answer& answer, CK_ATTRIBUTE& attribute) {
  if (answer.value != CKR_OK) {
    attribute.ulValueLen = CK_UNAVAILABLE_INFORMATION;
    return answer.value;
  }
  const auto length = static_cast<CK_ULONG>(answer.octets.size());
  const CK_ULONG room = attribute.ulValueLen;
  attribute.ulValueLen = answer.claimed_length.value_or(length);
  if (attribute.pValue == nullptr) return CKR_OK;
  if (answer.claimed_length) {
    std::copy_n(answer.octets.begin(), std::min(room, length), static_cast<CK_BYTE*>(attribute.pValue));
    return CKR_OK;
  }
  if (room < length) {
    attribute.ulValueLen = CK_UNAVAILABLE_INFORMATION;
    return CKR_BUFFER_TOO_SMALL;
  }
  std::copy(answer.octets.begin(), answer.octets.end(), static_cast<CK_BYTE*>(attribute.pValue));
  return CKR_OK;
}

}  // namespace

CK_RV get_attribute_value(State& state, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* attributes,
                          CK_ULONG count) {
  CK_FUNCTION_LIST& backend = state.backend();
  const Orders& orders = state.orders();
  const auto object_class =
      orders.changes_attributes() && attributes != nullptr ? class_of(backend, session, object) : std::nullopt;
  if (!object_class) return backend.C_GetAttributeValue(session, object, attributes, count);
  CK_RV result = CKR_OK;
  for (CK_ATTRIBUTE& attribute : std::span(attributes, count)) {
    Answer answer = read_truth(backend, session, object, attribute.type);
    if (!is_about_the_attribute(answer.value)) return answer.value;
    change(orders, *object_class, attribute.type, answer);
    const CK_RV value = deliver(answer, attribute);
    if (result == CKR_OK) result = value;
    if (orders.stop_reading_at_unknown && answer.value != CKR_OK) return answer.value;
  }
  return result;
}

CK_RV find_objects(State& state, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE* objects, CK_ULONG room, CK_ULONG* count) {
  const CK_RV value = state.backend().C_FindObjects(session, objects, room, count);
  if (value != CKR_OK || !state.orders().endless_search) return value;
  std::fill_n(objects, room, CK_OBJECT_HANDLE{1});
  *count = room;
  return CKR_OK;
}

}  // namespace wayward
