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
    auto other = crypto::owned<crypto::OtherNameHandle>(OTHERNAME_new(), "OTHERNAME_new");
    ASN1_OBJECT_free(other->type_id);
    other->type_id = object_of(Oid::parse(user_principal_name_oid)).release();
    ASN1_TYPE_set(other->value, V_ASN1_UTF8STRING, string_of(V_ASN1_UTF8STRING, as_bytes(upn.utf8)).release());
    GENERAL_NAME_set0_value(name_, GEN_OTHERNAME, other.release());
  }

 private:
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
