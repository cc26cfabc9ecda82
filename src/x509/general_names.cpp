#include <fmt/format.h>

#include "crypto/der.hpp"
#include "crypto/openssl_error.hpp"
#include "x509/encoding.hpp"
#include "x509/microsoft.hpp"

namespace p11csr::x509 {
namespace {

/// Encoder fills one GENERAL_NAME from each alternative.
class Encoder {
 public:
  explicit Encoder(GENERAL_NAME* name) : name_(name) {}

  void operator()(const DnsName& dns) { set_string(GEN_DNS, V_ASN1_IA5STRING, as_bytes(dns.ascii)); }
  void operator()(const IpAddress& ip) { set_string(GEN_IPADD, V_ASN1_OCTET_STRING, ip.octets); }
  void operator()(const Rfc822Name& mail) { set_string(GEN_EMAIL, V_ASN1_IA5STRING, as_bytes(mail.ascii)); }
  void operator()(const UniformResourceIdentifier& uri) { set_string(GEN_URI, V_ASN1_IA5STRING, as_bytes(uri.ascii)); }
  void operator()(const UserPrincipalName& upn) {
    set_other(Oid::parse(user_principal_name_oid), string_value(V_ASN1_UTF8STRING, as_bytes(upn.utf8)));
  }
  void operator()(const DirectoryName& directory) {
    auto name = crypto::decode<crypto::NameHandle>(d2i_X509_NAME, encode_name(directory.name));
    crypto::check(name != nullptr, "d2i_X509_NAME");
    GENERAL_NAME_set0_value(name_, GEN_DIRNAME, name.release());
  }
  void operator()(const RegisteredId& id) { GENERAL_NAME_set0_value(name_, GEN_RID, object_of(id.oid).release()); }
  void operator()(const OtherName& other) { set_other(other.type, value_of(other)); }

 private:
  static crypto::AnyHandle string_value(int type, ByteView octets) {
    auto value = crypto::owned<crypto::AnyHandle>(ASN1_TYPE_new(), "ASN1_TYPE_new");
    ASN1_TYPE_set(value.get(), type, string_of(type, octets).release());
    return value;
  }

  static crypto::AnyHandle value_of(const OtherName& other) {
    switch (other.form) {
      case OtherNameForm::utf8_string:
        return string_value(V_ASN1_UTF8STRING, other.value);
      case OtherNameForm::ia5_string:
        return string_value(V_ASN1_IA5STRING, other.value);
      case OtherNameForm::der:
        break;
    }
    const std::string what = fmt::format("the value of the other name {}", other.type.dotted());
    constexpr const char* hint = "give one whole DER element: HEX:0500 is NULL; UTF8:text and IA5:text have it made";
    try {
      crypto::check_der(other.value, what);
    } catch (const Error& error) {
      throw Error(error.code(), error.what(), hint);
    }
    auto value = crypto::decode<crypto::AnyHandle>(d2i_ASN1_TYPE, other.value);
    if (value == nullptr) throw crypto::openssl_error(Errc::malformed_input, what + " cannot be read", hint);
    return value;
  }

  void set_other(const Oid& type, crypto::AnyHandle value) {
    auto other = crypto::owned<crypto::OtherNameHandle>(OTHERNAME_new(), "OTHERNAME_new");
    ASN1_OBJECT_free(other->type_id);
    other->type_id = object_of(type).release();
    ASN1_TYPE_free(other->value);
    other->value = value.release();
    GENERAL_NAME_set0_value(name_, GEN_OTHERNAME, other.release());
  }

  void set_string(int kind, int type, ByteView octets) {
    GENERAL_NAME_set0_value(name_, kind, string_of(type, octets).release());
  }

  GENERAL_NAME* name_;
};

}  // namespace

crypto::GeneralNamesHandle encode_general_names(const std::vector<GeneralName>& names) {
  auto stack = crypto::owned<crypto::GeneralNamesHandle>(GENERAL_NAMES_new(), "GENERAL_NAMES_new");
  for (const GeneralName& name : names) {
    auto encoded = crypto::owned<crypto::GeneralNameHandle>(GENERAL_NAME_new(), "GENERAL_NAME_new");
    std::visit(Encoder(encoded.get()), name);
    crypto::check(sk_GENERAL_NAME_push(stack.get(), encoded.get()) > 0, "sk_GENERAL_NAME_push");
    static_cast<void>(encoded.release());
  }
  return stack;
}

}  // namespace p11csr::x509
