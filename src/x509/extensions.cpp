#include <openssl/objects.h>

#include "crypto/openssl_error.hpp"
#include "x509/encoding.hpp"

namespace p11csr::x509 {
namespace {

using crypto::check;
using crypto::ExtensionHandle;
using crypto::owned;

ExtensionHandle extension(int nid, bool critical, void* value) {
  return owned<ExtensionHandle>(X509V3_EXT_i2d(nid, critical ? 1 : 0, value), "X509V3_EXT_i2d");
}

ExtensionHandle encode_key_usage(const KeyUsage& usage, bool critical) {
  // i2d trims the trailing zero bits, as X.690, 11.2.2 wants of a named bit list.
  const auto bits = owned<crypto::BitStringHandle>(ASN1_BIT_STRING_new(), "ASN1_BIT_STRING_new");
  for (const KeyUsageBit bit : usage.bits()) {
    check(ASN1_BIT_STRING_set_bit(bits.get(), static_cast<int>(bit), 1) == 1, "ASN1_BIT_STRING_set_bit");
  }
  return extension(NID_key_usage, critical, bits.get());
}

ExtensionHandle encode_extended_key_usage(const ExtendedKeyUsage& usage, bool critical) {
  const auto purposes = owned<crypto::ExtendedKeyUsageHandle>(EXTENDED_KEY_USAGE_new(), "EXTENDED_KEY_USAGE_new");
  for (const Oid& purpose : usage.purposes()) {
    crypto::ObjectHandle object = object_of(purpose);
    check(sk_ASN1_OBJECT_push(purposes.get(), object.get()) > 0, "sk_ASN1_OBJECT_push");
    static_cast<void>(object.release());
  }
  return extension(NID_ext_key_usage, critical, purposes.get());
}

ExtensionHandle encode_basic_constraints(const BasicConstraints& constraints, bool critical) {
  const auto encoded = owned<crypto::BasicConstraintsHandle>(BASIC_CONSTRAINTS_new(), "BASIC_CONSTRAINTS_new");
  // cA is DEFAULT FALSE, so FALSE leaves an empty SEQUENCE (X.690, 11.5).
  // OpenSSL writes the number as the octet, and TRUE is 0xff (X.690, 11.1).
  encoded->ca = constraints.ca ? 0xff : 0;
  if (constraints.ca && constraints.path_length) {
    encoded->pathlen = ASN1_INTEGER_new();
    check(encoded->pathlen != nullptr && ASN1_INTEGER_set_uint64(encoded->pathlen, *constraints.path_length) == 1,
          "ASN1_INTEGER_set_uint64");
  }
  return extension(NID_basic_constraints, critical, encoded.get());
}

}  // namespace

crypto::ExtensionsHandle encode_extensions(const RequestSpec& spec) {
  const ExtensionRequest& request = spec.extensions();
  auto stack = owned<crypto::ExtensionsHandle>(sk_X509_EXTENSION_new_null(), "sk_X509_EXTENSION_new_null");
  const auto add = [&stack](ExtensionHandle one) {
    check(sk_X509_EXTENSION_push(stack.get(), one.get()) > 0, "sk_X509_EXTENSION_push");
    static_cast<void>(one.release());
  };
  if (!request.subject_alt_names.empty()) {
    const auto names = encode_general_names(request.subject_alt_names);
    // RFC 5280, 4.2.1.6: critical when the subject is an empty sequence.
    const bool critical = spec.subject().empty() || request.names_critical.value_or(false);
    add(extension(NID_subject_alt_name, critical, names.get()));
  }
  if (request.key_usage) {
    add(encode_key_usage(*request.key_usage, request.key_usage_critical.value_or(true)));
  }
  if (request.extended_key_usage) {
    add(encode_extended_key_usage(*request.extended_key_usage, request.extended_key_usage_critical.value_or(false)));
  }
  if (request.basic_constraints) {
    add(encode_basic_constraints(*request.basic_constraints, request.basic_constraints_critical.value_or(true)));
  }
  if (!request.policies.empty()) add(encode_policies(request.policies));
  if (request.tls_features) add(encode_tls_features(*request.tls_features));
  if (request.certificate_template) add(encode_certificate_template(*request.certificate_template));
  if (request.security_identifier) add(encode_security_identifier(*request.security_identifier));
  for (const RawExtension& raw : request.raw) {
    add(encode_raw_extension(raw));
  }
  return sk_X509_EXTENSION_num(stack.get()) == 0 ? nullptr : std::move(stack);
}

}  // namespace p11csr::x509
