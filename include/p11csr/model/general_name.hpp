#pragma once

#include <string>
#include <string_view>
#include <variant>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/oid.hpp>
#include <p11csr/model/subject.hpp>

#pragma GCC visibility push(default)
namespace p11csr {

/// DnsName is a dNSName: A-labels (RFC 5890), a wildcard only as the whole leftmost label, no trailing dot.
struct DnsName {
  std::string ascii;
  friend bool operator==(const DnsName&, const DnsName&) = default;
};
/// IpAddress is 4 octets (IPv4) or 16 octets (IPv6), network byte order.
struct IpAddress {
  Bytes octets;
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};
/// Rfc822Name is a mailbox "local@domain", ASCII, the domain in A-labels.
struct Rfc822Name {
  std::string ascii;
  friend bool operator==(const Rfc822Name&, const Rfc822Name&) = default;
};
/// UniformResourceIdentifier is an absolute URI (RFC 3986), ASCII, with a scheme and something behind it; that of http,
/// https, ftp, ldap and ldaps names a host by its domain name or IP address.
struct UniformResourceIdentifier {
  std::string ascii;
  friend bool operator==(const UniformResourceIdentifier&, const UniformResourceIdentifier&) = default;
};
/// UserPrincipalName is Microsoft's otherName 1.3.6.1.4.1.311.20.2.3: "user@realm" as UTF8String.
struct UserPrincipalName {
  std::string utf8;
  friend bool operator==(const UserPrincipalName&, const UserPrincipalName&) = default;
};

/// DirectoryName is a directoryName: a distinguished name with an RDN at least.
struct DirectoryName {
  Subject name;
  friend bool operator==(const DirectoryName&, const DirectoryName&) = default;
};
/// RegisteredId is a registeredID.
struct RegisteredId {
  Oid oid;
  friend bool operator==(const RegisteredId&, const RegisteredId&) = default;
};
/// OtherNameForm is what the value of an otherName is: one of two string types, or an element as DER.
enum class OtherNameForm { utf8_string, ia5_string, der };
/// OtherName is an otherName of any type: text as UTF8String or IA5String, or any one DER element.
struct OtherName {
  Oid type;
  OtherNameForm form;
  Bytes value;  // the string's octets, or the whole element
  friend bool operator==(const OtherName&, const OtherName&) = default;
};

/// GeneralName is one name of a SubjectAltName (RFC 5280, 4.2.1.6). Values made by parse_general_name are valid, but
/// that a DER value is one element is judged when it is encoded.
using GeneralName = std::variant<DnsName, IpAddress, Rfc822Name, UniformResourceIdentifier, UserPrincipalName,
                                 DirectoryName, RegisteredId, OtherName>;

/// parse_general_name reads "KIND:VALUE" with KIND dns, ip, email, uri, upn, dirname (a DN as Subject::parse reads it),
/// rid (an OID) or othername (OID;UTF8:text, OID;IA5:text or OID;HEX:der), lower or upper case. U-labels become
/// A-labels (IDNA 2008). Throws Error(malformed_input) that quotes the text; a kind that is nearly a known one is named
/// in the hint. Control characters are refused.
[[nodiscard]] GeneralName parse_general_name(std::string_view text);

/// to_string gives "KIND:VALUE", which parse_general_name reads back.
[[nodiscard]] std::string to_string(const GeneralName& name);

}  // namespace p11csr
#pragma GCC visibility pop
