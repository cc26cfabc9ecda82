#include "x509/describe_microsoft.hpp"

#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "crypto/der.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/spki.hpp"
#include "model/extension_oids.hpp"
#include "x509/microsoft.hpp"
#include "x509/text.hpp"

namespace p11csr::x509 {
namespace {

using crypto::DerReader;
using crypto::DerTag;

std::string oid_text(ByteView whole) {
  const auto object = crypto::decode<crypto::ObjectHandle>(d2i_ASN1_OBJECT, whole);
  if (object == nullptr) throw Error(Errc::malformed_input, "the object identifier cannot be read");
  return crypto::dotted(object.get());
}

std::string number_text(ByteView content) {
  const auto octets = crypto::unsigned_integer(content);
  if (!octets || octets->size() > sizeof(std::uint32_t)) throw Error(Errc::malformed_input, "the version is no number");
  std::uint64_t number = 0;
  for (const std::uint8_t octet : *octets) number = number * 256 + octet;
  return std::to_string(number);
}

std::string template_name(ByteView value) {
  const auto any = crypto::decode<crypto::AnyHandle>(d2i_ASN1_TYPE, value);
  if (any == nullptr || any->type != V_ASN1_BMPSTRING) throw Error(Errc::malformed_input, "the name is no BMPString");
  const auto text = text_of(any->value.bmpstring);
  if (!text) throw Error(Errc::malformed_input, "the name is no BMPString");
  return escape(*text);
}

// CertificateTemplateOID: templateID, then templateMajorVersion and templateMinorVersion, both optional.
std::string template_oid(ByteView value) {
  DerReader input(value, "the extension");
  DerReader fields = input.inside(DerTag::sequence);
  input.finish();
  std::string text = oid_text(fields.expect(DerTag::object_identifier).whole);
  while (!fields.at_end()) text += ":" + number_text(fields.expect(DerTag::integer).content);
  return text;
}

// NTDS_CA_SECURITY_EXT: an otherName within GeneralNames, whose value is the SID as text in an OCTET STRING.
std::string security_identifier(ByteView value) {
  DerReader input(value, "the extension");
  DerReader names = input.inside(DerTag::sequence);
  input.finish();
  DerReader name = names.inside(DerTag::context_0);
  names.finish();
  if (oid_text(name.expect(DerTag::object_identifier).whole) != security_identifier_name_oid)
    throw Error(Errc::malformed_input, "the name is no security identifier");
  DerReader wrapped = name.inside(DerTag::context_0);
  name.finish();
  std::string text = escape_ascii(wrapped.expect(DerTag::octet_string).content);
  wrapped.finish();
  return text;
}

}  // namespace

std::optional<std::string> microsoft_text(std::string_view oid, ByteView value) {
  try {
    if (oid == model::template_name_oid) return template_name(value);
    if (oid == model::template_oid) return template_oid(value);
    if (oid == model::security_identifier_oid) return security_identifier(value);
  } catch (const Error&) {
    crypto::forget_errors();
  }
  return std::nullopt;
}

}  // namespace p11csr::x509
