#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <p11csr/model/oid.hpp>

#pragma GCC visibility push(default)
namespace p11csr {

/// AttributeTypeAndValue is one piece of a name (RFC 5280, 4.1.2.4). The value is UTF-8, free of control characters.
struct AttributeTypeAndValue {
  Oid type;
  std::string value;

  friend bool operator==(const AttributeTypeAndValue&, const AttributeTypeAndValue&) = default;
};

/// RelativeDistinguishedName is a set of one or more attributes; kept in the order they were written.
using RelativeDistinguishedName = std::vector<AttributeTypeAndValue>;

/// Subject is a distinguished name whose RDNs are in the order in which they are encoded (country first, by custom).
/// May be empty. A Subject that exists keeps the upper bounds of RFC 5280, Appendix A, and the rules of its types:
/// countryName is two letters, domainComponent and emailAddress are ASCII, serialNumber and dnQualifier are
/// PrintableString.
class Subject {
 public:
  /// Subject without any RDN (the names are then in the SubjectAltName).
  Subject() = default;
  /// Subject of the given RDNs in encoding order. Throws Error(malformed_input) for a value that breaks a rule above.
  /// `owner` begins the error's message, where the name is another's than the subject's.
  explicit Subject(std::vector<RelativeDistinguishedName> rdns, std::string_view owner = "the subject");

  /// parse reads RFC 4514 ("CN=web-01,O=Example,C=DE", whose first RDN is encoded last, RFC 4514, 2.1) or, when the
  /// text starts with '/', the slash form ("/C=DE/O=Example/CN=web-01", encoded as written). Multi-valued RDNs use
  /// '+', attribute types are short names or dotted OIDs. Throws Error(malformed_input) that quotes the piece.
  [[nodiscard]] static Subject parse(std::string_view text, std::string_view owner = "the subject");

  /// rdns are in encoding order.
  [[nodiscard]] const std::vector<RelativeDistinguishedName>& rdns() const noexcept { return rdns_; }
  /// empty tells that there is no RDN.
  [[nodiscard]] bool empty() const noexcept { return rdns_.empty(); }

  /// to_string gives RFC 4514 text; parse reads it back to an equal Subject.
  [[nodiscard]] std::string to_string() const;
  /// common_name is the most specific commonName, or empty.
  [[nodiscard]] std::string common_name() const;

  friend bool operator==(const Subject&, const Subject&) = default;

 private:
  std::vector<RelativeDistinguishedName> rdns_;
};

/// StringType is how an attribute value is encoded (RFC 5280, 4.1.2.4).
enum class StringType { printable, utf8, ia5 };

/// string_type picks the encoding: IA5String for domainComponent and emailAddress, PrintableString where the type
/// demands it or the value fits it, UTF8String otherwise.
[[nodiscard]] StringType string_type(const AttributeTypeAndValue& attribute);

/// attribute_name is the short name that RFC 4514 text uses ("CN"), or the dotted OID where there is none.
[[nodiscard]] std::string attribute_name(const Oid& type);

}  // namespace p11csr
#pragma GCC visibility pop
