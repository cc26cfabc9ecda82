#pragma once

#include <string_view>

#include "model/extension_oids.hpp"
#include "x509/microsoft.hpp"

/// The OIDs that rules look for, dotted.
namespace p11csr::x509::oids {

// attributes of a request (RFC 2985)
inline constexpr std::string_view unstructured_name = model::unstructured_name_oid;
inline constexpr std::string_view challenge_password = "1.2.840.113549.1.9.7";
inline constexpr std::string_view extension_request = model::extension_request_oid;
inline constexpr std::string_view microsoft_extension_request = model::microsoft_extension_request_oid;

// attributes of a name
inline constexpr std::string_view common_name = "2.5.4.3";
inline constexpr std::string_view serial_number = "2.5.4.5";
inline constexpr std::string_view country = "2.5.4.6";
inline constexpr std::string_view locality = "2.5.4.7";
inline constexpr std::string_view state = "2.5.4.8";
inline constexpr std::string_view organization = "2.5.4.10";
inline constexpr std::string_view organizational_unit = "2.5.4.11";
inline constexpr std::string_view jurisdiction_country = "1.3.6.1.4.1.311.60.2.1.3";
inline constexpr std::string_view email_address = "1.2.840.113549.1.9.1";
inline constexpr std::string_view domain_component = "0.9.2342.19200300.100.1.25";

// extensions
inline constexpr std::string_view subject_key_identifier = model::subject_key_identifier_oid;
inline constexpr std::string_view key_usage = model::key_usage_oid;
inline constexpr std::string_view subject_alt_name = model::subject_alt_name_oid;
inline constexpr std::string_view issuer_alt_name = "2.5.29.18";
inline constexpr std::string_view basic_constraints = model::basic_constraints_oid;
inline constexpr std::string_view name_constraints = "2.5.29.30";
inline constexpr std::string_view crl_distribution_points = "2.5.29.31";
inline constexpr std::string_view certificate_policies = model::certificate_policies_oid;
inline constexpr std::string_view policy_mappings = "2.5.29.33";
inline constexpr std::string_view authority_key_identifier = model::authority_key_identifier_oid;
inline constexpr std::string_view policy_constraints = "2.5.29.36";
inline constexpr std::string_view extended_key_usage = model::extended_key_usage_oid;
inline constexpr std::string_view freshest_crl = "2.5.29.46";
inline constexpr std::string_view inhibit_any_policy = "2.5.29.54";
inline constexpr std::string_view authority_info_access = "1.3.6.1.5.5.7.1.1";
inline constexpr std::string_view subject_info_access = "1.3.6.1.5.5.7.1.11";
inline constexpr std::string_view tls_feature = model::tls_feature_oid;
inline constexpr std::string_view signed_certificate_timestamps = "1.3.6.1.4.1.11129.2.4.2";
inline constexpr std::string_view precertificate_poison = "1.3.6.1.4.1.11129.2.4.3";
inline constexpr std::string_view ocsp_no_check = "1.3.6.1.5.5.7.48.1.5";
inline constexpr std::string_view template_name = model::template_name_oid;
inline constexpr std::string_view certificate_template = model::template_oid;
inline constexpr std::string_view security_identifier = model::security_identifier_oid;
inline constexpr std::string_view security_identifier_name = security_identifier_name_oid;
inline constexpr std::string_view netscape = "2.16.840.1.113730.1.";  // the beginning of several

// algorithms
inline constexpr std::string_view dsa = "1.2.840.10040.4.1";
inline constexpr std::string_view dsa_with_sha256 = "2.16.840.1.101.3.4.3.2";

// key purposes
inline constexpr std::string_view any_purpose = "2.5.29.37.0";
inline constexpr std::string_view server_auth = "1.3.6.1.5.5.7.3.1";
inline constexpr std::string_view client_auth = "1.3.6.1.5.5.7.3.2";
inline constexpr std::string_view code_signing = "1.3.6.1.5.5.7.3.3";
inline constexpr std::string_view email_protection = "1.3.6.1.5.5.7.3.4";
inline constexpr std::string_view time_stamping = "1.3.6.1.5.5.7.3.8";
inline constexpr std::string_view ocsp_signing = "1.3.6.1.5.5.7.3.9";
inline constexpr std::string_view smartcard_logon = "1.3.6.1.4.1.311.20.2.2";
inline constexpr std::string_view piv_card_auth = "2.16.840.1.101.3.6.8";

// types of otherName
inline constexpr std::string_view user_principal_name = user_principal_name_oid;
inline constexpr std::string_view smtp_utf8_mailbox = "1.3.6.1.5.5.7.8.9";
inline constexpr std::string_view fasc_n = "2.16.840.1.101.3.6.6";

}  // namespace p11csr::x509::oids
