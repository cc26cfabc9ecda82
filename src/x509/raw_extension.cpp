#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "crypto/der.hpp"
#include "crypto/openssl_error.hpp"
#include "x509/asn1_text.hpp"
#include "x509/encoding.hpp"
#include "x509/text.hpp"

namespace p11csr::x509 {
namespace {

/// in_utf8 is the text so that OpenSSL reads its characters as UTF-8, which all text is here.
std::string in_utf8(const std::string& asn1, std::string_view what) {
  const Asn1Text text(asn1);
  if (!text.misread()) return asn1;
  if (text.format.empty()) return "FORMAT:UTF8," + asn1;
  throw Error(Errc::malformed_input,
              fmt::format("{} is not ASCII, and FORMAT:{} does not read UTF-8", what, escape(text.format)),
              "write FORMAT:UTF8, or give the value as hex:DER");
}

Bytes generate(const RawExtension& raw) {
  const std::string what = fmt::format("the value '{}' of the extension {}", escape(raw.asn1), raw.oid.dotted());
  // A C string ends at a NUL, and what stands behind it would be dropped without a word.
  if (raw.asn1.find('\0') != std::string::npos) {
    throw Error(Errc::malformed_input, what + " holds a NUL", "give the value as hex:DER");
  }
  // Without a configuration the text can name neither sections nor files, only values.
  const crypto::AnyHandle value(ASN1_generate_v3(in_utf8(raw.asn1, what).c_str(), nullptr));
  if (value == nullptr) {
    throw crypto::openssl_error(Errc::malformed_input, what + " is not understood",
                                "write it like asn1:UTF8:text, as ASN1_generate_nconf(3) has it, or give hex:DER");
  }
  return crypto::encode(i2d_ASN1_TYPE, value.get(), "i2d_ASN1_TYPE");
}

void check_value(const Bytes& value, const Oid& oid) {
  try {
    crypto::check_der(value, fmt::format("the value of the extension {}", oid.dotted()));
  } catch (const Error& error) {
    throw Error(error.code(), error.what(),
                "give one whole DER element: hex:0500 is NULL, and asn1:UTF8:text has its DER made");
  }
}

}  // namespace

crypto::ExtensionHandle encode_raw_extension(const RawExtension& raw) {
  const Bytes value = raw.is_der ? raw.der : generate(raw);
  check_value(value, raw.oid);
  const auto object = object_of(raw.oid);
  const auto octets = string_of(V_ASN1_OCTET_STRING, value);
  return crypto::owned<crypto::ExtensionHandle>(
      X509_EXTENSION_create_by_OBJ(nullptr, object.get(), raw.critical ? 1 : 0, octets.get()),
      "X509_EXTENSION_create_by_OBJ");
}

}  // namespace p11csr::x509
