#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <p11csr/model/subject.hpp>
#include <p11csr/profile/text_template.hpp>

#pragma GCC visibility push(default)
namespace p11csr::profile {

/// SubjectTemplate is a distinguished name whose values may hold fields: "CN={host},O=Example GmbH,C=DE". The name is
/// taken apart before a field is filled, so no value adds or removes an attribute.
class SubjectTemplate {
 public:
  /// parse reads what Subject::parse reads, and judges each value that holds no field. Throws Error(malformed_input).
  [[nodiscard]] static SubjectTemplate parse(std::string_view text);

  /// fill throws Error(usage) for a field without a value, Error(malformed_input) for a value that breaks a rule.
  [[nodiscard]] Subject fill(const FieldValues& values) const;
  /// check judges each attribute whose fields all have a value. Throws Error(malformed_input).
  void check(const FieldValues& values) const;
  /// fields are the names of the fields, each once.
  [[nodiscard]] std::vector<std::string> fields() const;
  /// types are the attribute types in encoding order.
  [[nodiscard]] std::vector<Oid> types() const;
  /// has_multi_valued_rdn tells whether an RDN has several attributes.
  [[nodiscard]] bool has_multi_valued_rdn() const;
  /// text is what was parsed.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  struct Attribute {
    Oid type;
    TextTemplate value;
  };
  std::string text_;
  std::vector<std::vector<Attribute>> rdns_;  // in encoding order
};

/// SanKind is the KIND of "KIND:VALUE", the kinds of --san.
enum class SanKind { dns, ip, email, uri, upn, dirname, rid, othername };

/// san_kind_name is the enumerator's own spelling.
[[nodiscard]] std::string_view san_kind_name(SanKind kind);
/// parse_san_kind reads a name in any case. Throws Error(malformed_input) whose hint is the nearest one.
[[nodiscard]] SanKind parse_san_kind(std::string_view name);
/// san_kind_of is the kind of a whole "KIND:VALUE". Throws Error(malformed_input).
[[nodiscard]] SanKind san_kind_of(std::string_view name);

/// SanTemplate is a subject alternative name whose value may hold fields: "dns:{host}". Kind, and the object
/// identifier and type of an othername, are literal. In a URI a value is percent-encoded unless it is all of the URI;
/// in a dirname it stays inside its attribute.
class SanTemplate {
 public:
  /// parse judges a name without fields as --san would. Throws Error(malformed_input).
  [[nodiscard]] static SanTemplate parse(std::string_view text);

  /// fill gives "KIND:VALUE". Throws Error(usage) for a field without a value, Error(malformed_input) for a value that
  /// cannot be one of the kind.
  [[nodiscard]] std::string fill(const FieldValues& values) const;
  /// kind is what stands before the colon.
  [[nodiscard]] SanKind kind() const noexcept { return kind_; }
  /// fields are the names of the fields, each once.
  [[nodiscard]] std::vector<std::string> fields() const;
  /// text is what was parsed.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  SanTemplate(SanKind kind, std::string_view text) : kind_(kind), text_(text) {}

  SanKind kind_;
  std::string text_;
  std::string literal_;  // what stands between the kind and the value: "OID;TYPE:" of an othername
  std::variant<TextTemplate, SubjectTemplate> value_;
};

}  // namespace p11csr::profile
#pragma GCC visibility pop
