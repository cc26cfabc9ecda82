#pragma once

#include <initializer_list>

#include "x509/lint/rule.hpp"

namespace p11csr::x509 {

// What the rule sets of several CAs and purposes have in common. Each adds a violation where it finds what it is named
// after.

/// report_small_rsa: an RSA modulus below that many bits.
void report_small_rsa(const RequestView& view, Violations& violations, std::size_t bits);
/// report_other_kind: a key of another algorithm, or an RSA key that is not of rsaEncryption.
void report_other_kind(const RequestView& view, Violations& violations, std::initializer_list<KeyAlgorithm> allowed);
/// report_other_signature: a request that is signed with an algorithm of none of these keys, or with another digest
/// than SHA-256, SHA-384 and SHA-512.
void report_other_signature(const RequestView& view, Violations& violations,
                            std::initializer_list<KeyAlgorithm> allowed);
/// report_other_curve: an EC key on another curve than P-256, P-384 and P-521.
void report_other_curve(const RequestView& view, Violations& violations);
/// report_usages: any of the bits.
void report_usages(const RequestView& view, Violations& violations, std::initializer_list<KeyUsageBit> bits);
/// report_purpose: a purpose that does not belong there.
void report_purpose(const std::string& oid, Violations& violations);
/// report_purposes: any of the purposes.
void report_purposes(const RequestView& view, Violations& violations, std::initializer_list<std::string_view> purposes);
/// report_missing_purpose: extKeyUsage without the purpose, or none at all.
void report_missing_purpose(const RequestView& view, Violations& violations, std::string_view purpose);
/// report_no_digital_signature: a key usage without digitalSignature.
void report_no_digital_signature(const RequestView& view, Violations& violations);
/// report_subject: attributes of the type.
void report_subject(const RequestView& view, Violations& violations, std::string_view type);
/// report_missing_subject: no attribute of the type.
void report_missing_subject(const RequestView& view, Violations& violations, std::string_view type);
/// report_ca: CA:TRUE.
void report_ca(const RequestView& view, Violations& violations);

}  // namespace p11csr::x509
