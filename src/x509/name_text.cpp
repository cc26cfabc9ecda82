#include <algorithm>
#include <vector>

#include <p11csr/model/error.hpp>
#include <p11csr/model/subject.hpp>

#include "crypto/openssl_error.hpp"
#include "crypto/spki.hpp"
#include "model/subject_syntax.hpp"
#include "x509/text.hpp"

namespace p11csr::x509 {
namespace {

/// Empty when the name breaks a rule that every Subject keeps.
std::optional<Subject> as_subject(const std::vector<RdnEntries>& rdns) {
  std::vector<RelativeDistinguishedName> result;
  try {
    for (const RdnEntries& entries : rdns) {
      RelativeDistinguishedName rdn;
      for (const X509_NAME_ENTRY* entry : entries) {
        auto value = text_of(X509_NAME_ENTRY_get_data(entry));
        if (!value) {
          return std::nullopt;
        }
        rdn.push_back({Oid::parse(crypto::dotted(X509_NAME_ENTRY_get_object(entry))), std::move(*value)});
      }
      result.push_back(std::move(rdn));
    }
    return Subject(std::move(result));
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string type_text(const ASN1_OBJECT* object) {
  std::string oid = crypto::dotted(object);
  try {
    return attribute_name(Oid::parse(oid));
  } catch (const Error&) {
    return oid;
  }
}

std::string value_text(const ASN1_STRING* value) {
  if (const auto text = text_of(value)) {
    return model::escape_rfc4514(*text);
  }
  // RFC 4514, 2.4: "#" and the DER in hexadecimal, for what has no string form.
  const auto any = crypto::owned<crypto::AnyHandle>(ASN1_TYPE_new(), "ASN1_TYPE_new");
  crypto::check(ASN1_TYPE_set1(any.get(), ASN1_STRING_type(value), value) == 1, "ASN1_TYPE_set1");
  return "#" + to_hex(crypto::encode(i2d_ASN1_TYPE, any.get(), "i2d_ASN1_TYPE"));
}

std::string rdn_text(const RdnEntries& entries) {
  std::string text;
  for (const X509_NAME_ENTRY* entry : entries) {
    text += text.empty() ? "" : "+";
    text += type_text(X509_NAME_ENTRY_get_object(entry)) + "=" + value_text(X509_NAME_ENTRY_get_data(entry));
  }
  return text;
}

}  // namespace

std::vector<RdnEntries> rdns_of(const X509_NAME* name) {
  std::vector<RdnEntries> rdns;
  int last_set = -1;
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
    if (rdns.empty() || X509_NAME_ENTRY_set(entry) != last_set) {
      rdns.emplace_back();
      last_set = X509_NAME_ENTRY_set(entry);
    }
    rdns.back().push_back(entry);
  }
  return rdns;
}

std::string name_text(const X509_NAME* name) {
  std::vector<RdnEntries> rdns = rdns_of(name);
  if (const auto subject = as_subject(rdns)) {
    return escape(subject->to_string());
  }
  std::reverse(rdns.begin(), rdns.end());  // RFC 4514, 2.1
  std::string text;
  for (const RdnEntries& rdn : rdns) {
    text += text.empty() ? "" : ",";
    text += rdn_text(rdn);
  }
  return escape(text);
}

}  // namespace p11csr::x509
