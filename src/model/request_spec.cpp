#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include <p11csr/model/error.hpp>
#include <p11csr/model/request_spec.hpp>

#include "model/ascii.hpp"
#include "model/extension_oids.hpp"
#include "model/quote.hpp"

namespace p11csr {

namespace {

/// identity is equal for names that name the same: DNS names and the domains of mailboxes have no case.
std::string identity(const GeneralName& name) {
  std::string text = to_string(name);
  if (std::holds_alternative<DnsName>(name)) return model::lower(text);
  if (!std::holds_alternative<Rfc822Name>(name)) return text;
  const auto at = text.rfind('@');  // a quoted local part may hold others
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

void check_policies(const std::vector<CertificatePolicy>& policies) {
  std::set<Oid> seen;
  for (const CertificatePolicy& policy : policies)
    if (!seen.insert(policy.oid).second)
      throw Error(Errc::malformed_input, fmt::format("the certificate policy '{}' is given twice", policy.oid.dotted()),
                  "give each once (RFC 5280, 4.2.1.4)");
}

// RFC 5280, 4.2: "A certificate MUST NOT include more than one instance of a particular extension."
void check_extensions(const ExtensionRequest& extensions) {
  const auto typed = model::typed_extensions(extensions);
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

// RFC 5280, 4.2.1.6: without a subject there must be a subjectAltName, and it must be critical.
void check_somebody_is_named(const Subject& subject, const ExtensionRequest& extensions) {
  if (!subject.empty() || !extensions.subject_alt_names.empty()) return;
  const auto raw = std::find_if(extensions.raw.begin(), extensions.raw.end(), [](const RawExtension& extension) {
    return extension.oid.dotted() == model::subject_alt_name_oid;
  });
  if (raw == extensions.raw.end())
    throw Error(Errc::malformed_input, "the request names nobody: no subject and no subject alternative name",
                "give --subject CN=web-01 or --san dns:web-01.example.org");
  if (!raw->critical)
    throw Error(Errc::malformed_input, "the raw subjectAltName is not critical, as it must be without a subject",
                fmt::format("write --extension {},critical=…", model::subject_alt_name_oid));
}

}  // namespace

RequestSpec::RequestSpec(Subject subject, ExtensionRequest extensions, RequestAttributes attributes)
    : subject_(std::move(subject)), extensions_(std::move(extensions)), attributes_(std::move(attributes)) {
  check_somebody_is_named(subject_, extensions_);
  check_names(extensions_.subject_alt_names);
  check_extensions(extensions_);
  check_policies(extensions_.policies);
  const auto& constraints = extensions_.basic_constraints;
  if (constraints && constraints->path_length && !constraints->ca) {
    throw Error(Errc::malformed_input, "the basic constraints have a path length without ca",
                "give --basic-constraints ca,pathlen=N, or leave the path length out");
  }
}

}  // namespace p11csr
