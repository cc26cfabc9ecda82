#include "pkcs11/uri_text.hpp"

#include <fmt/format.h>
#include <iterator>

namespace p11csr::pkcs11 {
namespace {

// RFC 3986, 2.3: what may always stand as itself. RFC 7512 allows more, which no reader needs.
bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

void append_escaped(std::string& text, char c) {
  fmt::format_to(std::back_inserter(text), "%{:02X}", static_cast<std::uint8_t>(c));
}

void append_text(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append("=");
  for (const char c : value) {
    if (is_unreserved(c))
      text += c;
    else
      append_escaped(text, c);
  }
}

// Only blanks are padding here: a field that a module filled up with NUL is found again by its NULs alone. One that
// begins with NUL says nothing.
template <std::size_t Size>
void append_field(std::string& text, std::string_view name, const CK_UTF8CHAR (&field)[Size]) {
  if (field[0] == 0) return;
  const std::string_view value(reinterpret_cast<const char*>(field), Size);
  text += text.back() == ':' ? "" : ";";
  append_text(text, name, value.substr(0, value.find_last_not_of(' ') + 1));
}

std::string_view type_name(ObjectClass object_class) {
  switch (object_class) {
    case ObjectClass::private_key:
      return "private";
    case ObjectClass::public_key:
      return "public";
    case ObjectClass::certificate:
      return "cert";
  }
  return "";
}

}  // namespace

std::string token_uri(const CK_TOKEN_INFO& token) {
  std::string text = "pkcs11:";
  append_field(text, "model", token.model);
  append_field(text, "manufacturer", token.manufacturerID);
  append_field(text, "serial", token.serialNumber);
  append_field(text, "token", token.label);
  return text;
}

std::string object_uri(const std::string& token, ByteView id, std::string_view label, ObjectClass object_class) {
  std::string text = token;
  if (!id.empty()) text += ";id=";
  // RFC 7512, 2.3: every octet of an ID is escaped, since it is seldom text.
  for (const std::uint8_t octet : id) append_escaped(text, static_cast<char>(octet));
  if (!label.empty()) append_text(text, ";object", label);
  text.append(";type=").append(type_name(object_class));
  return text;
}

}  // namespace p11csr::pkcs11
