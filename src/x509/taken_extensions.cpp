#include "x509/taken_extensions.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <p11csr/model/error.hpp>

#include "crypto/openssl.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/spki.hpp"
#include "model/extension_oids.hpp"
#include "x509/microsoft.hpp"
#include "x509/text.hpp"

namespace p11csr::x509 {
namespace {

constexpr unsigned known_usage_bits = 9;
constexpr const char* replace_it =
    "give it with a flag, which replaces it: --san, --key-usage, --extension OID=…, or another";

template <class H, class Decode>
H decoded(Decode d2i, ByteView value, std::string_view name) {
  auto object = crypto::decode<H>(d2i, value);
  if (object == nullptr)
    throw Error(Errc::malformed_input, fmt::format("the extension {} is not well-formed", name), replace_it);
  return object;
}

/// The text of a name that the model has a kind for, as it stands; the model judges it.
std::optional<std::string> name_to_parse(const GENERAL_NAME* name) {
  const auto text = [](std::string_view kind, const ASN1_STRING* value) {
    return fmt::format("{}:{}", kind, as_text(octets_of(value)));
  };
  switch (name->type) {
    case GEN_DNS:
      return text("dns", name->d.dNSName);
    case GEN_EMAIL:
      return text("email", name->d.rfc822Name);
    case GEN_URI:
      return text("uri", name->d.uniformResourceIdentifier);
    case GEN_OTHERNAME: {
      const OTHERNAME* other = name->d.otherName;
      const bool upn =
          other->value->type == V_ASN1_UTF8STRING && crypto::dotted(other->type_id) == user_principal_name_oid;
      if (upn) return text("upn", other->value->value.utf8string);
      return fmt::format("othername:{};HEX:{}", crypto::dotted(other->type_id),
                         to_hex(crypto::encode(i2d_ASN1_TYPE, other->value, "i2d_ASN1_TYPE")));
    }
    case GEN_DIRNAME:
    case GEN_RID:
      return general_name_text(name);
    default:
      return std::nullopt;
  }
}

GeneralName parse_taken(const std::string& text) {
  try {
    return parse_general_name(text);
  } catch (const Error& error) {
    throw Error(error.code(), error.what(), "give all of the names with --san, which replaces those of the file");
  }
}

void take_names(RequestSource& source, ByteView value) {
  const auto names = decoded<crypto::GeneralNamesHandle>(d2i_GENERAL_NAMES, value, "subjectAltName");
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_IPADD) {
      const ByteView octets = octets_of(name->d.iPAddress);
      if (octets.size() != 4 && octets.size() != 16)
        throw Error(Errc::malformed_input,
                    fmt::format("the subject alternative name '{}' is no IP address", general_name_text(name)),
                    "give all of the names with --san, which replaces those of the file");
      source.extensions.subject_alt_names.emplace_back(IpAddress{Bytes(octets.begin(), octets.end())});
    } else if (const auto text = name_to_parse(name)) {
      source.extensions.subject_alt_names.push_back(parse_taken(*text));
    } else {
      source.left_out.push_back(fmt::format(
          "left out the subject alternative name '{}': names of its kind are not supported", general_name_text(name)));
    }
  }
}

/// Empty where the model does not hold it: no bit at all, or one that RFC 5280 does not have.
std::optional<KeyUsage> key_usage_of(ByteView value) {
  const auto bits = decoded<crypto::BitStringHandle>(d2i_ASN1_BIT_STRING, value, "keyUsage");
  std::vector<std::string_view> names;
  for (int bit = 0; bit < ASN1_STRING_length(bits.get()) * 8; ++bit) {
    if (ASN1_BIT_STRING_get_bit(bits.get(), bit) == 0) continue;
    if (static_cast<unsigned>(bit) >= known_usage_bits) return std::nullopt;
    names.push_back(key_usage_name(static_cast<KeyUsageBit>(bit)));
  }
  if (names.empty()) return std::nullopt;
  return KeyUsage::parse(fmt::format("{}", fmt::join(names, ",")));
}

std::optional<ExtendedKeyUsage> extended_key_usage_of(ByteView value) {
  const auto purposes = decoded<crypto::ExtendedKeyUsageHandle>(d2i_EXTENDED_KEY_USAGE, value, "extendedKeyUsage");
  std::vector<std::string> dotted;
  dotted.reserve(static_cast<std::size_t>(sk_ASN1_OBJECT_num(purposes.get())));
  for (int i = 0; i < sk_ASN1_OBJECT_num(purposes.get()); ++i)
    dotted.push_back(crypto::dotted(sk_ASN1_OBJECT_value(purposes.get(), i)));
  if (dotted.empty()) return std::nullopt;
  return ExtendedKeyUsage::parse(fmt::format("{}", fmt::join(dotted, ",")));
}

BasicConstraints basic_constraints_of(ByteView value) {
  const auto read = decoded<crypto::BasicConstraintsHandle>(d2i_BASIC_CONSTRAINTS, value, "basicConstraints");
  BasicConstraints constraints;
  constraints.ca = read->ca != 0;
  if (read->pathlen == nullptr) return constraints;
  std::uint64_t length = 0;
  if (ASN1_INTEGER_get_uint64(&length, read->pathlen) != 1 || length > 0x7fffffff) {
    crypto::forget_errors();
    throw Error(Errc::malformed_input, "the extension basicConstraints has a path length that is no sensible number",
                replace_it);
  }
  constraints.path_length = static_cast<unsigned>(length);
  return constraints;
}

/// has_already tells a second instance, which RFC 5280, 4.2 forbids; RequestSpec finds that of raw ones.
bool has_already(const ExtensionRequest& taken, std::string_view oid) {
  return (oid == model::subject_alt_name_oid && taken.names_critical) ||
         (oid == model::key_usage_oid && taken.key_usage_critical) ||
         (oid == model::extended_key_usage_oid && taken.extended_key_usage_critical) ||
         (oid == model::basic_constraints_oid && taken.basic_constraints_critical);
}

/// False where the model has no type for the extension, or its type does not hold this one.
bool take_typed(RequestSource& source, std::string_view oid, bool critical, ByteView value) {
  ExtensionRequest& taken = source.extensions;
  if (has_already(taken, oid))
    throw Error(Errc::malformed_input, fmt::format("the extension '{}' is there twice", oid), replace_it);
  if (oid == model::subject_alt_name_oid) {
    take_names(source, value);
    taken.names_critical = critical;
    return true;
  }
  if (oid == model::key_usage_oid && (taken.key_usage = key_usage_of(value))) {
    taken.key_usage_critical = critical;
    return true;
  }
  if (oid == model::extended_key_usage_oid && (taken.extended_key_usage = extended_key_usage_of(value))) {
    taken.extended_key_usage_critical = critical;
    return true;
  }
  if (oid != model::basic_constraints_oid) return false;
  taken.basic_constraints = basic_constraints_of(value);
  taken.basic_constraints_critical = critical;
  return true;
}

}  // namespace

bool is_replaced(const Replaced& replaced, std::string_view oid) {
  return std::any_of(replaced.extensions.begin(), replaced.extensions.end(),
                     [oid](const Oid& other) { return other.dotted() == oid; });
}

void take_extension(RequestSource& source, std::string_view oid, bool critical, ByteView value) {
  if (take_typed(source, oid, critical, value)) return;
  source.extensions.raw.push_back({Oid::parse(oid), critical, true, Bytes(value.begin(), value.end()), {}});
}

}  // namespace p11csr::x509
