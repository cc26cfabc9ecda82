#include "x509/foreign_input.hpp"

#include <fmt/format.h>

#include "crypto/der.hpp"
#include "crypto/spki.hpp"
#include "x509/document.hpp"
#include "x509/text.hpp"

namespace p11csr::x509 {
namespace {

using crypto::DerReader;
using crypto::DerTag;

/// EncryptedPrivateKeyInfo (RFC 5958): an algorithm, and the encrypted octets last.
bool is_encrypted_private_key(DerReader fields) {
  static_cast<void>(fields.expect(DerTag::sequence));
  static_cast<void>(fields.expect(DerTag::octet_string));
  return fields.at_end();
}

/// PrivateKeyInfo (RFC 5958), RSAPrivateKey (RFC 8017, A.1.2) or ECPrivateKey (RFC 5915), all after a small version.
bool is_private_key(ByteView der) {
  DerReader outer(der, "the input");
  DerReader fields = outer.inside(DerTag::sequence);
  if (fields.next_is(DerTag::sequence)) {
    return is_encrypted_private_key(fields);
  }
  const auto version = fields.expect(DerTag::integer);
  if (version.content.size() != 1 || version.content[0] > 1) {
    return false;
  }
  if (fields.next_is(DerTag::sequence)) {
    static_cast<void>(fields.next());
    return fields.next_is(DerTag::octet_string);
  }
  return fields.next_is(DerTag::integer) || fields.next_is(DerTag::octet_string);
}

bool is_public_key(ByteView der) {
  static_cast<void>(crypto::split_spki(der));
  return true;
}

template <class Question>
bool holds(Question question, ByteView der) {
  try {
    return question(der);
  } catch (const Error&) {
    return false;
  }
}

constexpr std::string_view wanted = "give a certification request or a certificate, as PEM or DER";

Error named(std::string_view what) {
  return {Errc::malformed_input,
          fmt::format("the input is {}, neither a certification request nor a certificate", what), std::string(wanted)};
}

}  // namespace

Error not_a_document(ByteView der) {
  if (holds(is_private_key, der)) {
    return named("a private key");
  }
  if (holds(is_public_key, der)) {
    return named("a public key");
  }
  try {
    static_cast<void>(split_signed(der));
  } catch (const Error& error) {
    return {error.code(), error.what(), std::string(wanted)};
  }
  return {Errc::malformed_input, "the input is no well-formed certification request or certificate",
          std::string(wanted)};
}

Error not_a_document_label(std::string_view label) {
  const bool private_key = label.find("PRIVATE KEY") != std::string_view::npos;
  const bool public_key = label.find("PUBLIC KEY") != std::string_view::npos;
  const char* what = private_key ? "a private key" : public_key ? "a public key" : "something else";
  return named(fmt::format("{} (PEM '{}')", what, escape(label)));
}

}  // namespace p11csr::x509
