#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <p11csr/model/bytes.hpp>

#include "pkcs11/cryptoki.hpp"

namespace p11csr::pkcs11 {

class Session;

/// AttributeList is a template that owns its values (PKCS #11, 2.2). One method name per kind of value.
class AttributeList {
 public:
  AttributeList& flag(CK_ATTRIBUTE_TYPE type, bool value);
  AttributeList& number(CK_ATTRIBUTE_TYPE type, CK_ULONG value);
  AttributeList& text(CK_ATTRIBUTE_TYPE type, std::string_view value);
  AttributeList& bytes(CK_ATTRIBUTE_TYPE type, ByteView value);

  /// attributes points into this list and lives as long as it stays unchanged.
  [[nodiscard]] std::vector<CK_ATTRIBUTE> attributes();

 private:
  struct Entry {
    CK_ATTRIBUTE_TYPE type;
    Bytes value;
  };
  std::vector<Entry> entries_;
};

/// AttributeValues is what could be read of an object. An attribute that is sensitive, unknown to the token or of an
/// impossible length is absent.
class AttributeValues {
 public:
  explicit AttributeValues(std::map<CK_ATTRIBUTE_TYPE, Bytes> values) : values_(std::move(values)) {}

  [[nodiscard]] std::optional<bool> flag(CK_ATTRIBUTE_TYPE type) const;
  [[nodiscard]] std::optional<CK_ULONG> number(CK_ATTRIBUTE_TYPE type) const;
  /// bytes is empty both where the attribute is absent and where its value has no length (SoftHSM2 answers so for
  /// CKA_PUBLIC_KEY_INFO): neither can be used.
  [[nodiscard]] Bytes bytes(CK_ATTRIBUTE_TYPE type) const;
  [[nodiscard]] std::string text(CK_ATTRIBUTE_TYPE type) const;

 private:
  std::map<CK_ATTRIBUTE_TYPE, Bytes> values_;
};

/// read_attributes reads all types with one C_GetAttributeValue into large buffers. Where the token stops half-way, or
/// a value is larger than its buffer, what is missing is asked for again, one by one.
/// Throws Error(token_failed) where the call itself fails or a length cannot be.
[[nodiscard]] AttributeValues read_attributes(const Session& session, ObjectHandle object,
                                              const std::vector<CK_ATTRIBUTE_TYPE>& types);

}  // namespace p11csr::pkcs11
