#pragma once

#include <string_view>

#include <p11csr/model/bytes.hpp>
#include <p11csr/x509/request_source.hpp>

namespace p11csr::x509 {

// The extensions that the model has a type for.
inline constexpr std::string_view key_usage_oid = "2.5.29.15";
inline constexpr std::string_view subject_alt_name_oid = "2.5.29.17";
inline constexpr std::string_view basic_constraints_oid = "2.5.29.19";
inline constexpr std::string_view extended_key_usage_oid = "2.5.29.37";
inline constexpr std::string_view subject_key_identifier_oid = "2.5.29.14";
inline constexpr std::string_view authority_key_identifier_oid = "2.5.29.35";

[[nodiscard]] bool is_replaced(const Replaced& replaced, std::string_view oid);

/// take_extension adds an extension to the source: as a type of the model where there is one that holds it, raw
/// otherwise. Names that the model has no kind for are left out. Throws Error(malformed_input).
void take_extension(RequestSource& source, std::string_view oid, bool critical, ByteView value);

}  // namespace p11csr::x509
