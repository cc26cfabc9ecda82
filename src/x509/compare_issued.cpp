#include <algorithm>
#include <array>
#include <string_view>

#include <p11csr/x509/certificate.hpp>

namespace p11csr::x509 {
namespace {

// Usages decide what the key may be used for: one that nobody asked for is worth a line (RFC 5280, 4.2.1).
constexpr std::array<std::string_view, 3> usages{"keyUsage", "extendedKeyUsage", "basicConstraints"};
// Compared name by name.
constexpr std::string_view names = "subjectAltName";
// The CA makes it for the key, whatever was asked for (RFC 5280, 4.2.1.2).
constexpr std::string_view of_the_ca = "subjectKeyIdentifier";

const ExtensionDescription* find(const Description& document, const std::string& oid) {
  const auto found = std::find_if(document.extensions.begin(), document.extensions.end(),
                                  [&oid](const ExtensionDescription& each) { return each.oid == oid; });
  return found == document.extensions.end() ? nullptr : &*found;
}

std::string with_criticality(const ExtensionDescription& extension) {
  return extension.critical ? "critical, " + extension.text : extension.text;
}

void compare_names(std::vector<IssuedChange>& changes, const Description& request, const Description& certificate) {
  const auto missing = [](const std::string& name, const Description& document) {
    const auto& list = document.subject_alt_names;
    return std::find(list.begin(), list.end(), name) == list.end();
  };
  for (const std::string& name : request.subject_alt_names)
    if (missing(name, certificate)) changes.push_back({"name", name, ""});
  for (const std::string& name : certificate.subject_alt_names)
    if (missing(name, request)) changes.push_back({"name", "", name});
}

}  // namespace

std::vector<IssuedChange> compare_issued(const Description& request, const Description& certificate) {
  std::vector<IssuedChange> changes;
  if (request.subject != certificate.subject) changes.push_back({"subject", request.subject, certificate.subject});
  compare_names(changes, request, certificate);
  for (const ExtensionDescription& wanted : request.extensions) {
    if (wanted.name == names || wanted.name == of_the_ca) continue;
    const ExtensionDescription* issued = find(certificate, wanted.oid);
    if (issued == nullptr)
      changes.push_back({wanted.name, with_criticality(wanted), ""});
    else if (issued->value != wanted.value || issued->critical != wanted.critical)
      changes.push_back({wanted.name, with_criticality(wanted), with_criticality(*issued)});
  }
  for (const ExtensionDescription& issued : certificate.extensions)
    if (std::find(usages.begin(), usages.end(), issued.name) != usages.end() && find(request, issued.oid) == nullptr)
      changes.push_back({issued.name, "", with_criticality(issued)});
  return changes;
}

}  // namespace p11csr::x509
