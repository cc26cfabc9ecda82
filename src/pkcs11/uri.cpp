#include "pkcs11/uri.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>
#include <set>

#include <p11csr/model/error.hpp>
#include <p11csr/model/secret.hpp>

#include "pkcs11/p11_kit.hpp"

namespace p11csr::pkcs11 {
namespace {

struct UriFreer {
  void operator()(P11KitUri* uri) const noexcept { P11Kit::library().uri_free(uri); }
};
using UriPointer = std::unique_ptr<P11KitUri, UriFreer>;

enum class Part { path, query };

// Attribute names of RFC 7512, 2.3 and 2.4, with the length in octets that the PKCS #11 structure allows; 0: no limit.
struct KnownAttribute {
  Part part;
  std::string_view name;
  std::size_t longest;
};
constexpr std::array kKnownAttributes{
    KnownAttribute{Part::path, "token", 32},
    KnownAttribute{Part::path, "manufacturer", 32},
    KnownAttribute{Part::path, "serial", 16},
    KnownAttribute{Part::path, "model", 16},
    KnownAttribute{Part::path, "library-manufacturer", 32},
    KnownAttribute{Part::path, "library-version", 0},
    KnownAttribute{Part::path, "library-description", 32},
    KnownAttribute{Part::path, "object", 0},
    KnownAttribute{Part::path, "type", 0},
    KnownAttribute{Part::path, "id", 0},
    KnownAttribute{Part::path, "slot-manufacturer", 32},
    KnownAttribute{Part::path, "slot-description", 64},
    KnownAttribute{Part::path, "slot-id", 0},
    KnownAttribute{Part::query, "pin-source", 0},
    KnownAttribute{Part::query, "pin-value", 0},
    KnownAttribute{Part::query, "module-name", 0},
    KnownAttribute{Part::query, "module-path", 0},
};

Error bad_uri(const std::string& message) {
  return {Errc::malformed_input, message, "the form is pkcs11:token=LABEL;object=LABEL;id=%01 (see: p11csr help uri)"};
}

std::size_t decoded_length(std::string_view value) {
  return value.size() - 2 * static_cast<std::size_t>(std::count(value.begin(), value.end(), '%'));
}

void check_attribute(std::string_view piece, Part part, std::set<std::string_view>& seen) {
  const auto equals = piece.find('=');
  const std::string_view name = piece.substr(0, equals);
  const auto* known = std::find_if(kKnownAttributes.begin(), kKnownAttributes.end(),
                                   [name](const KnownAttribute& attribute) { return attribute.name == name; });
  // The name of an unknown attribute without '=' may be a secret typed in the wrong place; with one it is a typo.
  if (equals == std::string_view::npos) throw bad_uri("the PKCS #11 URI has a piece without '='");
  if (known == kKnownAttributes.end())
    throw bad_uri(fmt::format("the PKCS #11 URI has an unknown attribute '{}'", name));
  if (known->part != part)
    throw bad_uri(part == Part::query
                      ? fmt::format("'{}' in the PKCS #11 URI stands after the '?', where it selects nothing", name)
                      : fmt::format("'{}' in the PKCS #11 URI belongs after the '?'", name));
  if (!seen.insert(known->name).second) throw bad_uri(fmt::format("the PKCS #11 URI has '{}' twice", name));
  const std::size_t length = decoded_length(piece.substr(equals + 1));
  if (known->longest != 0 && length > known->longest)
    throw bad_uri(
        fmt::format("'{}' in the PKCS #11 URI has {} octets, {} at most can match", name, length, known->longest));
}

// p11-kit takes typos and what stands in the wrong part for vendor attributes, and the last of two equal attributes:
// each would select the wrong thing.
void check_attributes(std::string_view text) {
  std::set<std::string_view> seen;
  text.remove_prefix(text.find(':') + 1);
  const auto question = text.find('?');
  const auto check_part = [&seen](std::string_view pieces, Part part, char separator) {
    while (!pieces.empty()) {
      const auto end = std::min(pieces.find(separator), pieces.size());
      if (end != 0) check_attribute(pieces.substr(0, end), part, seen);
      pieces.remove_prefix(std::min(end + 1, pieces.size()));
    }
  };
  check_part(text.substr(0, question), Part::path, ';');
  if (question != std::string_view::npos) check_part(text.substr(question + 1), Part::query, '&');
}

template <std::size_t Size>
bool is_set(const unsigned char (&field)[Size]) {
  return field[0] != 0;
}

std::optional<std::string> optional_text(const char* text) {
  if (text == nullptr || *text == '\0') return std::nullopt;
  return text;
}

PinSource pin_source_of(const std::string& text) {
  if (text.front() == '|') return PinFromCommand{text.substr(1)};
  if (text.rfind("file:///", 0) == 0) return PinFromFile{text.substr(7)};
  return PinFromFile{text.rfind("file:", 0) == 0 ? text.substr(5) : text};
}

UriPointer new_uri() {
  UriPointer uri(P11Kit::library().uri_new());
  if (!uri) throw Error(Errc::unexpected, "out of memory");
  return uri;
}

}  // namespace

bool Uri::looks_like(std::string_view text) {
  constexpr std::string_view scheme = "pkcs11:";
  return text.size() >= scheme.size() && std::equal(scheme.begin(), scheme.end(), text.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
         });
}

Uri Uri::parse(std::string_view text) {
  if (!looks_like(text)) throw bad_uri("a PKCS #11 URI starts with 'pkcs11:'");
  if (text.find('\0') != std::string_view::npos) throw bad_uri("the PKCS #11 URI has a NUL in it");
  check_attributes(text);
  UriPointer parsed = new_uri();
  std::string copy(text);
  const int result = P11Kit::library().uri_parse(copy.c_str(), P11_KIT_URI_FOR_ANY, parsed.get());
  wipe(copy);  // it may hold a pin-value
  if (result != P11_KIT_URI_OK)
    throw bad_uri(fmt::format("the PKCS #11 URI is malformed: {}", P11Kit::library().uri_message(result)));
  if (P11Kit::library().uri_any_unrecognized(parsed.get()) != 0)
    throw bad_uri("the PKCS #11 URI has a value nobody knows");
  Uri uri;
  uri.parsed_ = std::shared_ptr<void>(parsed.release(), [](void* p) { UriFreer()(static_cast<P11KitUri*>(p)); });
  uri.read_parts();
  return uri;
}

void Uri::read_parts() {
  auto* uri = static_cast<P11KitUri*>(parsed_.get());
  const CK_TOKEN_INFO* token = P11Kit::library().uri_get_token_info(uri);
  const CK_SLOT_INFO* slot = P11Kit::library().uri_get_slot_info(uri);
  const CK_INFO* module = P11Kit::library().uri_get_module_info(uri);
  names_slot_ = is_set(slot->slotDescription) || is_set(slot->manufacturerID) ||
                P11Kit::library().uri_get_slot_id(uri) != static_cast<CK_SLOT_ID>(-1);
  names_module_ = is_set(module->libraryDescription) || is_set(module->manufacturerID) ||
                  module->libraryVersion.major != static_cast<CK_BYTE>(-1);
  names_token_ = names_slot_ || is_set(token->label) || is_set(token->manufacturerID) || is_set(token->model) ||
                 is_set(token->serialNumber);
  const auto bytes_of = [uri](CK_ATTRIBUTE_TYPE type) -> std::optional<Bytes> {
    const CK_ATTRIBUTE* attribute = P11Kit::library().uri_get_attribute(uri, type);
    if (attribute == nullptr) return std::nullopt;
    const auto* data = static_cast<const std::uint8_t*>(attribute->pValue);
    return Bytes(data, data + attribute->ulValueLen);
  };
  id_ = bytes_of(CKA_ID);
  if (const auto label = bytes_of(CKA_LABEL)) label_ = std::string(as_text(*label));
  if (const auto encoded = bytes_of(CKA_CLASS); encoded && encoded->size() == sizeof(CK_OBJECT_CLASS)) {
    CK_OBJECT_CLASS value = 0;
    std::memcpy(&value, encoded->data(), sizeof value);
    if (value == CKO_PRIVATE_KEY) object_class_ = ObjectClass::private_key;
    if (value == CKO_PUBLIC_KEY) object_class_ = ObjectClass::public_key;
    if (value == CKO_CERTIFICATE) object_class_ = ObjectClass::certificate;
    if (!object_class_) throw bad_uri("the PKCS #11 URI names a type that is neither a key nor a certificate");
  }
  module_path_ = optional_text(P11Kit::library().uri_get_module_path(uri));
  module_name_ = optional_text(P11Kit::library().uri_get_module_name(uri));
  if (const auto source = optional_text(P11Kit::library().uri_get_pin_source(uri)))
    pin_source_ = pin_source_of(*source);
  if (const char* pin = P11Kit::library().uri_get_pin_value(uri)) {
    has_pin_value_ = true;
    // The setter frees p11-kit's copy without wiping it, so it is overwritten where it lies.
    wipe({const_cast<char*>(pin), std::strlen(pin)});
    P11Kit::library().uri_set_pin_value(uri, nullptr);
  }
}

bool Uri::matches(const CK_INFO& module) const {
  return P11Kit::library().uri_match_module_info(static_cast<const P11KitUri*>(parsed_.get()), &module) != 0;
}

bool Uri::matches(const CK_SLOT_INFO& slot, SlotId id) const {
  const CK_SLOT_ID wanted = P11Kit::library().uri_get_slot_id(static_cast<P11KitUri*>(parsed_.get()));
  if (wanted != static_cast<CK_SLOT_ID>(-1) && wanted != static_cast<CK_SLOT_ID>(id)) return false;
  return P11Kit::library().uri_match_slot_info(static_cast<const P11KitUri*>(parsed_.get()), &slot) != 0;
}

bool Uri::matches(const CK_TOKEN_INFO& token) const {
  return P11Kit::library().uri_match_token_info(static_cast<const P11KitUri*>(parsed_.get()), &token) != 0;
}

}  // namespace p11csr::pkcs11
