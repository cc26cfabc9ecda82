#include <openssl/objects.h>

#include "crypto/openssl_error.hpp"
#include "model/extension_oids.hpp"
#include "x509/encoding.hpp"
#include "x509/microsoft.hpp"

namespace p11csr::x509 {
namespace {

using crypto::check;
using crypto::owned;

/// Sequence is a SEQUENCE of values of any type.
class Sequence {
 public:
  void add_oid(const Oid& oid) {
    crypto::AnyHandle value = new_value();
    ASN1_TYPE_set(value.get(), V_ASN1_OBJECT, object_of(oid).release());
    push(std::move(value));
  }
  void add_number(std::uint32_t number) {
    auto integer = owned<crypto::IntegerHandle>(ASN1_INTEGER_new(), "ASN1_INTEGER_new");
    check(ASN1_INTEGER_set_uint64(integer.get(), number) == 1, "ASN1_INTEGER_set_uint64");
    crypto::AnyHandle value = new_value();
    ASN1_TYPE_set(value.get(), V_ASN1_INTEGER, integer.release());
    push(std::move(value));
  }
  [[nodiscard]] Bytes der() const {
    return crypto::encode(i2d_ASN1_SEQUENCE_ANY, values_.get(), "i2d_ASN1_SEQUENCE_ANY");
  }

 private:
  static crypto::AnyHandle new_value() { return owned<crypto::AnyHandle>(ASN1_TYPE_new(), "ASN1_TYPE_new"); }
  void push(crypto::AnyHandle value) {
    check(sk_ASN1_TYPE_push(values_.get(), value.get()) > 0, "sk_ASN1_TYPE_push");
    static_cast<void>(value.release());
  }

  crypto::AnySequenceHandle values_ = owned<crypto::AnySequenceHandle>(sk_ASN1_TYPE_new_null(), "sk_ASN1_TYPE_new");
};

Bytes der_of_string(int type, ByteView octets) {
  const auto value = owned<crypto::AnyHandle>(ASN1_TYPE_new(), "ASN1_TYPE_new");
  ASN1_TYPE_set(value.get(), type, string_of(type, octets).release());
  return crypto::encode(i2d_ASN1_TYPE, value.get(), "i2d_ASN1_TYPE");
}

crypto::ExtensionHandle by_oid(std::string_view oid, Bytes der) {
  return encode_raw_extension({Oid::parse(oid), false, true, std::move(der), {}});
}

// The caller has made sure that every character is in the BMP.
Bytes bmp_string(const std::string& utf8) {
  ASN1_STRING* made = nullptr;
  check(ASN1_mbstring_copy(&made, as_bytes(utf8).data(), static_cast<int>(utf8.size()), MBSTRING_UTF8,
                           B_ASN1_BMPSTRING) == V_ASN1_BMPSTRING,
        "ASN1_mbstring_copy");
  const crypto::StringHandle string(made);
  return der_of_string(V_ASN1_BMPSTRING,
                       {ASN1_STRING_get0_data(made), static_cast<std::size_t>(ASN1_STRING_length(made))});
}

struct TemplateEncoder {
  crypto::ExtensionHandle operator()(const CertificateTemplateName& name) const {
    return by_oid(model::template_name_oid, bmp_string(name.utf8));
  }
  crypto::ExtensionHandle operator()(const CertificateTemplateOid& name) const {
    Sequence sequence;
    sequence.add_oid(name.oid);
    if (name.major) sequence.add_number(*name.major);
    if (name.minor) sequence.add_number(*name.minor);
    return by_oid(model::template_oid, sequence.der());
  }
};

struct PolicyInfoFreer {
  void operator()(POLICYINFO* info) const noexcept { POLICYINFO_free(info); }
};
using PolicyInfoHandle = std::unique_ptr<POLICYINFO, PolicyInfoFreer>;

struct PoliciesFreer {
  void operator()(CERTIFICATEPOLICIES* policies) const noexcept { CERTIFICATEPOLICIES_free(policies); }
};

void add_practice_statement(POLICYINFO* info, const std::string& uri) {
  info->qualifiers = sk_POLICYQUALINFO_new_null();
  POLICYQUALINFO* qualifier = POLICYQUALINFO_new();
  check(info->qualifiers != nullptr && qualifier != nullptr && sk_POLICYQUALINFO_push(info->qualifiers, qualifier) > 0,
        "sk_POLICYQUALINFO_push");
  qualifier->pqualid = OBJ_nid2obj(NID_id_qt_cps);
  qualifier->d.cpsuri = string_of(V_ASN1_IA5STRING, as_bytes(uri)).release();
}

}  // namespace

crypto::ExtensionHandle encode_policies(const std::vector<CertificatePolicy>& policies) {
  const auto stack =
      owned<std::unique_ptr<CERTIFICATEPOLICIES, PoliciesFreer>>(CERTIFICATEPOLICIES_new(), "CERTIFICATEPOLICIES_new");
  for (const CertificatePolicy& policy : policies) {
    auto info = owned<PolicyInfoHandle>(POLICYINFO_new(), "POLICYINFO_new");
    info->policyid = object_of(policy.oid).release();
    if (policy.practice_statement) add_practice_statement(info.get(), *policy.practice_statement);
    check(sk_POLICYINFO_push(stack.get(), info.get()) > 0, "sk_POLICYINFO_push");
    static_cast<void>(info.release());
  }
  return owned<crypto::ExtensionHandle>(X509V3_EXT_i2d(NID_certificate_policies, 0, stack.get()), "X509V3_EXT_i2d");
}

crypto::ExtensionHandle encode_tls_features(const TlsFeatures& features) {
  Sequence sequence;
  for (const std::uint16_t number : features.numbers()) sequence.add_number(number);
  return by_oid(model::tls_feature_oid, sequence.der());
}

crypto::ExtensionHandle encode_certificate_template(const CertificateTemplate& name) {
  return std::visit(TemplateEncoder{}, name);
}

crypto::ExtensionHandle encode_security_identifier(const SecurityIdentifier& identifier) {
  const Bytes octets = der_of_string(V_ASN1_OCTET_STRING, as_bytes(identifier.text()));
  const auto names =
      encode_general_names({OtherName{Oid::parse(security_identifier_name_oid), OtherNameForm::der, octets}});
  return by_oid(model::security_identifier_oid, crypto::encode(i2d_GENERAL_NAMES, names.get(), "i2d_GENERAL_NAMES"));
}

}  // namespace p11csr::x509
