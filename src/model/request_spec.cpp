#include <fmt/format.h>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include <p11csr/model/error.hpp>
#include <p11csr/model/request_spec.hpp>

#include "model/ascii.hpp"
#include "model/quote.hpp"

namespace p11csr {

namespace {

/// identity is equal for names that name the same: DNS names and the domains of mailboxes have no case.
std::string identity(const GeneralName& name) {
  std::string text = to_string(name);
  if (std::holds_alternative<DnsName>(name)) return model::lower(text);
  if (!std::holds_alternative<Rfc822Name>(name)) return text;
  const auto at = text.find('@');
  return text.substr(0, at) + model::lower(std::string_view(text).substr(at));
}

void check_names(const std::vector<GeneralName>& names) {
  std::set<std::string> seen;
  for (const auto& name : names) {
    if (!seen.insert(identity(name)).second) {
      throw Error(Errc::malformed_input,
                  fmt::format("the subject alternative name {} is given twice", model::in_quotes(to_string(name))),
                  "give each name once");
    }
  }
}

bool asks_for(const ExtensionRequest& extensions, std::size_t template_form) {
  return extensions.certificate_template && extensions.certificate_template->index() == template_form;
}

void check_policies(const std::vector<CertificatePolicy>& policies) {
  std::set<Oid> seen;
  for (const CertificatePolicy& policy : policies)
    if (!seen.insert(policy.oid).second)
      throw Error(Errc::malformed_input, fmt::format("the certificate policy '{}' is given twice", policy.oid.dotted()),
                  "give each once (RFC 5280, 4.2.1.4)");
}

// RFC 5280, 4.2: "A certificate MUST NOT include more than one instance of a particular extension."
void check_extensions(const ExtensionRequest& extensions) {
  struct Typed {
    bool given;
    std::string_view oid;
    std::string_view name;
  };
  const Typed typed[] = {
      {!extensions.subject_alt_names.empty(), "2.5.29.17", "subjectAltName"},
      {extensions.key_usage.has_value(), "2.5.29.15", "keyUsage"},
      {extensions.extended_key_usage.has_value(), "2.5.29.37", "extKeyUsage"},
      {extensions.basic_constraints.has_value(), "2.5.29.19", "basicConstraints"},
      {!extensions.policies.empty(), "2.5.29.32", "certificatePolicies"},
      {extensions.tls_features.has_value(), "1.3.6.1.5.5.7.1.24", "TLS feature"},
      {asks_for(extensions, 0), "1.3.6.1.4.1.311.20.2", "certificate template by name"},
      {asks_for(extensions, 1), "1.3.6.1.4.1.311.21.7", "certificate template by OID"},
      {extensions.security_identifier.has_value(), "1.3.6.1.4.1.311.25.2", "security identifier"},
  };
  std::set<std::string_view> seen;
  for (const auto& raw : extensions.raw) {
    const std::string& oid = raw.oid.dotted();
    if (!seen.insert(oid).second) {
      throw Error(Errc::malformed_input, fmt::format("the extension '{}' is given twice", oid), "give it once");
    }
    for (const auto& extension : typed) {
      if (extension.given && extension.oid == oid) {
        throw Error(Errc::malformed_input,
                    fmt::format("the extension '{}' ({}) is given raw and by a flag of its own", oid, extension.name),
                    "give it in one way only");
      }
    }
  }
}

}  // namespace

RequestSpec::RequestSpec(Subject subject, ExtensionRequest extensions, RequestAttributes attributes)
    : subject_(std::move(subject)), extensions_(std::move(extensions)), attributes_(std::move(attributes)) {
  if (subject_.empty() && extensions_.subject_alt_names.empty()) {
    throw Error(Errc::malformed_input, "the request names nobody: no subject and no subject alternative name",
                "give --subject CN=web-01 or --san dns:web-01.example.org");
  }
  check_names(extensions_.subject_alt_names);
  check_extensions(extensions_);
  check_policies(extensions_.policies);
  const auto& constraints = extensions_.basic_constraints;
  if (constraints && constraints->path_length && !constraints->ca) {
    throw Error(Errc::malformed_input, "the basic constraints have a path length without ca");
  }
}

}  // namespace p11csr
