#include <fmt/format.h>

#include <p11csr/model/general_name.hpp>

#include "crypto/openssl_error.hpp"
#include "crypto/spki.hpp"
#include "x509/microsoft.hpp"
#include "x509/text.hpp"

namespace p11csr::x509 {
namespace {

std::string ip_text(ByteView octets) {
  if (octets.size() != 4 && octets.size() != 16) {
    return "ip:#" + to_hex(octets);
  }
  return to_string(GeneralName(IpAddress{Bytes(octets.begin(), octets.end())}));
}

std::string other_name_text(OTHERNAME* other) {
  const std::string oid = crypto::dotted(other->type_id);
  const ASN1_TYPE* value = other->value;
  if (value->type == V_ASN1_UTF8STRING) {
    // Shown as it is even where it is no UTF-8, which escape copes with.
    const std::string_view text = as_text(octets_of(value->value.utf8string));
    // A backslash stays only where nothing else is escaped: the text is read back as it stands.
    if (oid == user_principal_name_oid && !text.empty() && escape(text) == text) return fmt::format("upn:{}", text);
    return fmt::format("othername:{};UTF8:{}", oid, escape(text, "\\"));
  }
  return fmt::format("othername:{};HEX:{}", oid, to_hex(crypto::encode(i2d_ASN1_TYPE, value, "i2d_ASN1_TYPE")));
}

/// The content of a name that has no text of its own.
std::string hex_text(std::string_view kind, const GENERAL_NAME* name) {
  return fmt::format("{}:#{}", kind, to_hex(crypto::encode(i2d_GENERAL_NAME, name, "i2d_GENERAL_NAME")));
}

}  // namespace

std::string general_name_text(const GENERAL_NAME* name) {
  switch (name->type) {
    case GEN_DNS:
      return "dns:" + escape_ascii(octets_of(name->d.dNSName));
    case GEN_EMAIL:
      return "email:" + escape_ascii(octets_of(name->d.rfc822Name));
    case GEN_URI:
      return "uri:" + escape_ascii(octets_of(name->d.uniformResourceIdentifier));
    case GEN_IPADD:
      return ip_text(octets_of(name->d.iPAddress));
    case GEN_OTHERNAME:
      return other_name_text(name->d.otherName);
    case GEN_DIRNAME:
      return "dirname:" + name_text(name->d.directoryName);
    case GEN_RID:
      return "rid:" + crypto::dotted(name->d.registeredID);
    case GEN_X400:
      return hex_text("x400", name);
    default:
      return hex_text("ediparty", name);
  }
}

}  // namespace p11csr::x509
