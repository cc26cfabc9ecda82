#include <algorithm>
#include <array>
#include <memory>
#include <openssl/x509v3.h>

#include <p11csr/model/error.hpp>

#include "crypto/openssl_error.hpp"
#include "x509/lint/oids.hpp"
#include "x509/lint/request_view.hpp"
#include "x509/lint/string_tag.hpp"

namespace p11csr::x509 {
namespace {

using crypto::DerElement;
using crypto::DerReader;
using crypto::DerTag;

constexpr std::string_view words = "the extension's value";

/// ReadByOpenssl is an extension whose type OpenSSL has a template for.
struct ReadByOpenssl {
  std::string_view oid;
  int nid;
};
constexpr std::array<ReadByOpenssl, 13> read_by_openssl = {{
    {oids::subject_key_identifier, NID_subject_key_identifier},
    {oids::issuer_alt_name, NID_issuer_alt_name},
    {oids::name_constraints, NID_name_constraints},
    {oids::crl_distribution_points, NID_crl_distribution_points},
    {oids::certificate_policies, NID_certificate_policies},
    {oids::policy_mappings, NID_policy_mappings},
    {oids::authority_key_identifier, NID_authority_key_identifier},
    {oids::policy_constraints, NID_policy_constraints},
    {oids::freshest_crl, NID_freshest_crl},
    {oids::inhibit_any_policy, NID_inhibit_any_policy},
    {oids::authority_info_access, NID_info_access},
    {oids::subject_info_access, NID_sinfo_access},
    {oids::ocsp_no_check, NID_id_pkix_OCSP_noCheck},
}};

/// The value is one DER element already, so that OpenSSL's indulgence towards BER changes nothing.
void check_by_openssl(int nid, ByteView value) {
  const X509V3_EXT_METHOD* method = X509V3_EXT_get_nid(nid);
  crypto::check(method != nullptr && method->it != nullptr, "X509V3_EXT_get_nid");
  const ASN1_ITEM* item = ASN1_ITEM_ptr(method->it);
  const auto release = [item](ASN1_VALUE* decoded) { ASN1_item_free(decoded, item); };
  const unsigned char* end = value.data();
  const std::unique_ptr<ASN1_VALUE, decltype(release)> decoded(
      ASN1_item_d2i(nullptr, &end, static_cast<long>(value.size()), item), release);
  crypto::forget_errors();
  if (decoded == nullptr || end != value.data() + value.size()) {
    throw Error(Errc::malformed_input, "the extension's value is not of its type");
  }
}

/// MS-WCCE, 2.2.2.7.7.1: the template's name, a BMPString. Other CAs want the same OID with another string (ZATCA's
/// PrintableString).
void check_template_name(ByteView value) {
  DerReader reader(value, words);
  const DerElement name = reader.next();
  reader.finish();
  if (!is_string_tag(name.identifier) || !string_text(name.identifier, name.content)) {
    throw Error(Errc::malformed_input, "the template's name is no string");
  }
}

/// MS-WCCE, 2.2.2.7.7.2: the template's OID, and its major and minor version.
void check_template(ByteView value) {
  DerReader outer(value, words);
  DerReader reader = outer.inside(DerTag::sequence);
  outer.finish();
  static_cast<void>(reader.expect(DerTag::object_identifier));
  for (int i = 0; i < 2 && !reader.at_end(); ++i) static_cast<void>(reader.expect(DerTag::integer));
  reader.finish();
}

}  // namespace

void check_extension_syntax(std::string_view oid, ByteView value) {
  if (oid == oids::template_name) return check_template_name(value);
  if (oid == oids::certificate_template) return check_template(value);
  const auto* const known = std::find_if(read_by_openssl.begin(), read_by_openssl.end(),
                                         [oid](const ReadByOpenssl& one) { return one.oid == oid; });
  if (known != read_by_openssl.end()) check_by_openssl(known->nid, value);
}

}  // namespace p11csr::x509
