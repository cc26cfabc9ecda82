#include "model/extension_oids.hpp"

namespace p11csr::model {

std::vector<TypedExtension> typed_extensions(const ExtensionRequest& extensions) {
  const auto& wanted = extensions.certificate_template;
  const bool by_name = wanted && std::holds_alternative<CertificateTemplateName>(*wanted);
  return {
      {!extensions.subject_alt_names.empty(), subject_alt_name_oid, "subjectAltName"},
      {extensions.key_usage.has_value(), key_usage_oid, "keyUsage"},
      {extensions.extended_key_usage.has_value(), extended_key_usage_oid, "extKeyUsage"},
      {extensions.basic_constraints.has_value(), basic_constraints_oid, "basicConstraints"},
      {!extensions.policies.empty(), certificate_policies_oid, "certificatePolicies"},
      {extensions.tls_features.has_value(), tls_feature_oid, "TLS feature"},
      {wanted && by_name, template_name_oid, "certificate template by name"},
      {wanted && !by_name, template_oid, "certificate template by OID"},
      {extensions.security_identifier.has_value(), security_identifier_oid, "security identifier"},
  };
}

}  // namespace p11csr::model
