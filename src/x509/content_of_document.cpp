#include <algorithm>
#include <array>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/description.hpp>
#include <p11csr/x509/request_source.hpp>

#include "crypto/openssl.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/spki.hpp"
#include "model/ascii.hpp"
#include "model/extension_oids.hpp"
#include "model/quote.hpp"
#include "x509/taken_extensions.hpp"
#include "x509/text.hpp"

namespace p11csr::x509 {
namespace {

/// NotTaken is an extension that a new request does not repeat.
struct NotTaken {
  std::string_view oid;
  std::string_view name;
  bool from_requests;  // not even where somebody asked for it
  std::string_view because;
};

constexpr std::string_view of_the_key = "it belongs to a key, and the issuer makes it";
constexpr std::string_view of_the_issuer = "it is what the issuer says";

constexpr std::array not_taken{
    NotTaken{model::subject_key_identifier_oid, "subjectKeyIdentifier", true, of_the_key},
    NotTaken{model::authority_key_identifier_oid, "authorityKeyIdentifier", true, of_the_issuer},
    NotTaken{"1.3.6.1.4.1.11129.2.4.2", "signed certificate timestamps", true, of_the_issuer},
    NotTaken{"1.3.6.1.4.1.11129.2.4.3", "certificate transparency poison", true, of_the_issuer},
    NotTaken{"1.3.6.1.5.5.7.1.1", "authorityInfoAccess", false, of_the_issuer},
    NotTaken{"2.5.29.31", "cRLDistributionPoints", false, of_the_issuer},
    NotTaken{"2.5.29.46", "freshestCRL", false, of_the_issuer},
    NotTaken{"2.5.29.18", "issuerAltName", false, of_the_issuer},
    NotTaken{"2.5.29.32", "certificatePolicies", false, of_the_issuer},
    NotTaken{"2.5.29.30", "nameConstraints", false, of_the_issuer},
    NotTaken{"2.5.29.33", "policyMappings", false, of_the_issuer},
    NotTaken{"2.5.29.36", "policyConstraints", false, of_the_issuer},
    NotTaken{"2.5.29.54", "inhibitAnyPolicy", false, of_the_issuer},
    NotTaken{"2.5.29.16", "privateKeyUsagePeriod", false, of_the_key},
    NotTaken{"1.3.6.1.5.5.7.1.3", "qcStatements", false, of_the_issuer},
    NotTaken{"1.3.6.1.4.1.311.21.1", "Microsoft's CA version", false, of_the_issuer},
    NotTaken{"1.3.6.1.4.1.311.21.2", "Microsoft's previous CA certificate hash", false, of_the_issuer},
};

Error unusable(const AttributeTypeAndValue& attribute, std::string_view why, const Description& document) {
  return {Errc::malformed_input,
          fmt::format("the subject's {} {} {}", attribute_name(attribute.type), model::in_quotes(attribute.value), why),
          fmt::format("give the subject anew: --subject {}", model::shell_word(document.subject))};
}

/// The value in UTF-8, if it is of a string type that a Subject writes.
AttributeTypeAndValue read_attribute(const X509_NAME_ENTRY* entry, const Description& document) {
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(entry);
  const int type = ASN1_STRING_type(value);
  AttributeTypeAndValue attribute{Oid::parse(crypto::dotted(X509_NAME_ENTRY_get_object(entry))),
                                  text_of(value).value_or("")};
  const bool ascii_type = type == V_ASN1_PRINTABLESTRING || type == V_ASN1_IA5STRING;
  if (type != V_ASN1_UTF8STRING && !ascii_type)
    throw unusable(
        attribute,
        fmt::format("is of type {}; only UTF8String, PrintableString and IA5String are taken", ASN1_tag2str(type)),
        document);
  if (ascii_type && !model::is_ascii(attribute.value))
    throw unusable(attribute, "is not ASCII, as its string type says", document);
  return attribute;
}

Subject read_subject(const X509_NAME* name, const Description& document) {
  std::vector<RelativeDistinguishedName> rdns;
  for (const RdnEntries& entries : rdns_of(name)) {
    rdns.emplace_back();
    for (const X509_NAME_ENTRY* entry : entries) rdns.back().push_back(read_attribute(entry, document));
  }
  return Subject(std::move(rdns));
}

Subject subject_of(const Description& document) {
  switch (document.kind) {
    case DocumentKind::certification_request: {
      const auto request = crypto::decode<crypto::RequestHandle>(d2i_X509_REQ, document.der);
      crypto::check(request != nullptr, "d2i_X509_REQ");
      return read_subject(X509_REQ_get_subject_name(request.get()), document);
    }
    case DocumentKind::certificate: {
      const auto certificate = crypto::decode<crypto::CertificateHandle>(d2i_X509, document.der);
      crypto::check(certificate != nullptr, "d2i_X509");
      return read_subject(X509_get_subject_name(certificate.get()), document);
    }
  }
  throw Error(Errc::unexpected, "a document of no kind");
}

void require_verified(const Description& document) {
  const bool is_request = document.kind == DocumentKind::certification_request;
  switch (document.verdict) {
    case SignatureVerdict::valid:
      return;
    case SignatureVerdict::unchecked:
    case SignatureVerdict::unsupported:
      if (!is_request) return;
      throw Error(
          Errc::verification_failed,
          fmt::format("the signature of the request ({}) cannot be checked", escape(document.signature_algorithm)),
          "give what it says with flags: --subject, --san and the others");
    case SignatureVerdict::invalid:
      throw Error(Errc::verification_failed,
                  fmt::format("the signature of the {} does not verify", is_request ? "request" : "certificate"),
                  "the file is damaged or was changed; get it anew");
  }
}

/// Not a value is shown: one may be a challenge password.
void take_attributes(RequestSource& source, const Description& document) {
  for (const AttributeDescription& attribute : document.attributes) {
    if (attribute.oid == model::extension_request_oid)
      throw Error(Errc::malformed_input, "the request's extensionRequest attribute is not well-formed",
                  "give what it says with flags: --subject, --san and the others");
    if (attribute.oid != model::microsoft_extension_request_oid)
      source.left_out.push_back(fmt::format("left out the attribute {} ({}): attributes are not taken over",
                                            escape(attribute.name), attribute.oid));
  }
}

void take_extensions(RequestSource& source, const Description& document, const Replaced& replaced) {
  const bool is_request = document.kind == DocumentKind::certification_request;
  for (const ExtensionDescription& extension : document.extensions) {
    if (is_replaced(replaced, extension.oid)) continue;
    const auto issuers = std::find_if(not_taken.begin(), not_taken.end(),
                                      [&](const NotTaken& entry) { return entry.oid == extension.oid; });
    if (issuers == not_taken.end() || (is_request && !issuers->from_requests)) {
      take_extension(source, extension.oid, extension.critical, extension.value);
    } else {
      source.left_out.push_back(
          fmt::format("left out the extension {} ({}): {}", issuers->name, issuers->oid, issuers->because));
    }
  }
}

}  // namespace

RequestSource content_of_document(ByteView input, const Replaced& replaced) {
  const Description document = describe(input);
  require_verified(document);
  RequestSource source;
  if (!replaced.subject) source.subject = subject_of(document);
  take_attributes(source, document);
  take_extensions(source, document, replaced);
  return source;
}

}  // namespace p11csr::x509
