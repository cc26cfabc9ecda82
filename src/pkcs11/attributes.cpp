#include "pkcs11/attributes.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

#include "pkcs11/return_code.hpp"
#include "pkcs11/session.hpp"

namespace p11csr::pkcs11 {
namespace {

// A buffer that no usual key attribute outgrows: the SubjectPublicKeyInfo of ML-DSA-87 has 2,614 octets.
constexpr std::size_t kBufferSize = 2688;
constexpr std::size_t kLargestValue = std::size_t{1} << 20U;
constexpr std::uint8_t kUntouched = 0xA5;

bool is_flag(CK_ATTRIBUTE_TYPE type) {
  switch (type) {
    case CKA_TOKEN:
    case CKA_PRIVATE:
    case CKA_SENSITIVE:
    case CKA_ALWAYS_SENSITIVE:
    case CKA_EXTRACTABLE:
    case CKA_NEVER_EXTRACTABLE:
    case CKA_LOCAL:
    case CKA_SIGN:
    case CKA_ALWAYS_AUTHENTICATE:
      return true;
    default:  // an open set: vendors add attributes
      return false;
  }
}

bool is_number(CK_ATTRIBUTE_TYPE type) {
  return type == CKA_CLASS || type == CKA_KEY_TYPE || type == CKA_KEY_GEN_MECHANISM || type == CKA_MODULUS_BITS ||
         type == CKA_CERTIFICATE_TYPE || type == kParameterSetAttribute;
}

std::size_t buffer_size(CK_ATTRIBUTE_TYPE type) {
  if (is_flag(type)) return sizeof(CK_BBOOL);
  return is_number(type) ? sizeof(CK_ULONG) : kBufferSize;
}

// The codes with which C_GetAttributeValue still answers for the other attributes (PKCS #11, 5.7).
bool answers_in_part(CK_RV result) {
  return result == CKR_ATTRIBUTE_SENSITIVE || result == CKR_ATTRIBUTE_TYPE_INVALID || result == CKR_BUFFER_TOO_SMALL;
}

// A token that says CKR_OK and writes nothing must not have our own octets taken for its answer.
bool is_untouched(const Bytes& buffer) {
  return std::all_of(buffer.begin(), buffer.end(), [](std::uint8_t octet) { return octet == kUntouched; });
}

enum class Reading { value, absent, unanswered, too_large };

Reading judge_reading(const CK_ATTRIBUTE& attribute, std::size_t capacity, const Bytes& buffer, CK_RV result) {
  if (attribute.ulValueLen == static_cast<CK_ULONG>(-1))
    return result == CKR_BUFFER_TOO_SMALL ? Reading::too_large : Reading::absent;
  // A flag or number of another size than the standard's is nothing that can be read.
  const bool fixed_size = is_flag(attribute.type) || is_number(attribute.type);
  if (fixed_size && attribute.ulValueLen != capacity) return Reading::absent;
  if (attribute.ulValueLen > capacity) {
    if (result == CKR_BUFFER_TOO_SMALL) return Reading::too_large;
    throw Error(Errc::token_failed,
                fmt::format("the token says that attribute 0x{:x} has {} octets, more than there was room for",
                            attribute.type, attribute.ulValueLen),
                "", call_text("C_GetAttributeValue", result));
  }
  // A token that stopped at an attribute it refused leaves the rest of the template as it was given.
  if (attribute.ulValueLen == capacity && is_untouched(buffer)) return Reading::unanswered;
  return Reading::value;
}

std::optional<Bytes> read_one(const Session& session, ObjectHandle object, CK_ATTRIBUTE_TYPE type) {
  CK_ATTRIBUTE attribute{type, nullptr, 0};
  CK_RV result = session.get_attribute_value(object, {&attribute, 1});
  if (answers_in_part(result) || attribute.ulValueLen == static_cast<CK_ULONG>(-1)) return std::nullopt;
  check(result, "C_GetAttributeValue");
  if (attribute.ulValueLen > kLargestValue)
    throw Error(Errc::token_failed,
                fmt::format("the token says that attribute 0x{:x} has {} octets", type, attribute.ulValueLen), "",
                call_text("C_GetAttributeValue", result));
  Bytes value(attribute.ulValueLen, kUntouched);
  attribute.pValue = value.data();
  result = session.get_attribute_value(object, {&attribute, 1});
  if (answers_in_part(result)) return std::nullopt;
  check(result, "C_GetAttributeValue");
  if (attribute.ulValueLen > value.size())
    throw Error(Errc::token_failed, fmt::format("attribute 0x{:x} grew while it was read", type), "",
                call_text("C_GetAttributeValue", result));
  value.resize(attribute.ulValueLen);
  if (!value.empty() && is_untouched(value)) return std::nullopt;
  return value;
}

}  // namespace

AttributeList& AttributeList::flag(CK_ATTRIBUTE_TYPE type, bool value) {
  const CK_BBOOL encoded = value ? CK_TRUE : CK_FALSE;
  entries_.push_back({type, Bytes(1, encoded)});
  return *this;
}

AttributeList& AttributeList::number(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  Bytes encoded(sizeof value);
  std::memcpy(encoded.data(), &value, sizeof value);
  entries_.push_back({type, std::move(encoded)});
  return *this;
}

AttributeList& AttributeList::text(CK_ATTRIBUTE_TYPE type, std::string_view value) {
  return bytes(type, as_bytes(value));
}

AttributeList& AttributeList::bytes(CK_ATTRIBUTE_TYPE type, ByteView value) {
  entries_.push_back({type, Bytes(value.begin(), value.end())});
  return *this;
}

std::vector<CK_ATTRIBUTE> AttributeList::attributes() {
  std::vector<CK_ATTRIBUTE> result;
  result.reserve(entries_.size());
  for (Entry& entry : entries_) result.push_back({entry.type, entry.value.data(), entry.value.size()});
  return result;
}

std::optional<bool> AttributeValues::flag(CK_ATTRIBUTE_TYPE type) const {
  const auto found = values_.find(type);
  if (found == values_.end() || found->second.size() != sizeof(CK_BBOOL)) return std::nullopt;
  return found->second.front() != CK_FALSE;
}

std::optional<CK_ULONG> AttributeValues::number(CK_ATTRIBUTE_TYPE type) const {
  const auto found = values_.find(type);
  if (found == values_.end() || found->second.size() != sizeof(CK_ULONG)) return std::nullopt;
  CK_ULONG value = 0;
  std::memcpy(&value, found->second.data(), sizeof value);
  return value;
}

Bytes AttributeValues::bytes(CK_ATTRIBUTE_TYPE type) const {
  const auto found = values_.find(type);
  return found == values_.end() ? Bytes{} : found->second;
}

std::string AttributeValues::text(CK_ATTRIBUTE_TYPE type) const { return std::string(as_text(bytes(type))); }

AttributeValues read_attributes(const Session& session, ObjectHandle object,
                                const std::vector<CK_ATTRIBUTE_TYPE>& types) {
  std::vector<Bytes> buffers;
  std::vector<CK_ATTRIBUTE> attributes;
  buffers.reserve(types.size());
  for (const CK_ATTRIBUTE_TYPE type : types) {
    Bytes& buffer = buffers.emplace_back(buffer_size(type), kUntouched);
    attributes.push_back({type, buffer.data(), buffer.size()});
  }
  const CK_RV result = session.get_attribute_value(object, attributes);
  if (!answers_in_part(result)) check(result, "C_GetAttributeValue");

  std::map<CK_ATTRIBUTE_TYPE, Bytes> values;
  for (std::size_t i = 0; i < types.size(); ++i) {
    switch (judge_reading(attributes[i], buffer_size(types[i]), buffers[i], result)) {
      case Reading::absent:
        break;
      case Reading::value:
        buffers[i].resize(attributes[i].ulValueLen);
        values.emplace(types[i], std::move(buffers[i]));
        break;
      case Reading::unanswered:
      case Reading::too_large:
        if (auto value = read_one(session, object, types[i])) values.emplace(types[i], std::move(*value));
        break;
    }
  }
  return AttributeValues(std::move(values));
}

}  // namespace p11csr::pkcs11
