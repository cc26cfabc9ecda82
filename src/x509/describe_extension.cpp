#include "x509/describe_extension.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/objects.h>
#include <optional>

#include <p11csr/model/error.hpp>
#include <p11csr/model/extension_request.hpp>

#include "crypto/der.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/spki.hpp"
#include "x509/describe_microsoft.hpp"
#include "x509/encoding.hpp"
#include "x509/text.hpp"

namespace p11csr::x509 {
namespace {

constexpr std::size_t longest_printed = 16384;  // octets of a value that OpenSSL is asked to print
constexpr std::size_t longest_hex = 1024;       // octets

std::string hex_text(ByteView value) {
  if (value.size() <= longest_hex) {
    return to_hex(value);
  }
  return fmt::format("{}… ({} bytes)", to_hex(value.first(longest_hex)), value.size());
}

std::optional<std::string> key_usage_text(ByteView value) {
  constexpr int named_bits = 9;
  const auto bits = crypto::decode<crypto::BitStringHandle>(d2i_ASN1_BIT_STRING, value);
  if (bits == nullptr) {
    return std::nullopt;
  }
  std::vector<std::string> names;
  for (int i = 0; i < named_bits; ++i) {
    if (ASN1_BIT_STRING_get_bit(bits.get(), i) == 1) {
      names.emplace_back(key_usage_name(static_cast<KeyUsageBit>(i)));
    }
  }
  bool unnamed = names.empty();
  for (int i = named_bits; i < ASN1_STRING_length(bits.get()) * 8; ++i) {
    unnamed = unnamed || ASN1_BIT_STRING_get_bit(bits.get(), i) == 1;
  }
  constexpr int octets_with_names = 2;
  if (unnamed || ASN1_STRING_length(bits.get()) > octets_with_names) {
    names.push_back("#" + hex_text(value));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string purpose_text(const ASN1_OBJECT* object) {
  std::string oid = crypto::dotted(object);
  try {
    return purpose_name(Oid::parse(oid));
  } catch (const Error&) {
    return oid;
  }
}

std::optional<std::string> extended_key_usage_text(ByteView value) {
  const auto purposes = crypto::decode<crypto::ExtendedKeyUsageHandle>(d2i_EXTENDED_KEY_USAGE, value);
  if (purposes == nullptr) {
    return std::nullopt;
  }
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(sk_ASN1_OBJECT_num(purposes.get())));
  for (int i = 0; i < sk_ASN1_OBJECT_num(purposes.get()); ++i) {
    names.push_back(purpose_text(sk_ASN1_OBJECT_value(purposes.get(), i)));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::optional<std::string> basic_constraints_text(ByteView value) {
  const auto constraints = crypto::decode<crypto::BasicConstraintsHandle>(d2i_BASIC_CONSTRAINTS, value);
  if (constraints == nullptr) {
    return std::nullopt;
  }
  std::string text = constraints->ca != 0 ? "ca" : "end-entity";
  if (constraints->pathlen != nullptr) {
    std::uint64_t length = 0;
    if (ASN1_INTEGER_get_uint64(&length, constraints->pathlen) != 1) {
      crypto::forget_errors();
      return std::nullopt;
    }
    text += fmt::format(",pathlen={}", length);
  }
  return text;
}

bool is_one_element(ByteView value) {
  try {
    crypto::DerReader reader(value, "the extension");
    static_cast<void>(reader.next());
    return reader.at_end();
  } catch (const Error&) {
    return false;
  }
}

/// What OpenSSL prints of an extension that it knows, each line escaped. OpenSSL ignores what is behind the value.
std::optional<std::string> printed(X509_EXTENSION* extension, ByteView value) {
  if (value.size() > longest_printed || !is_one_element(value)) {
    return std::nullopt;
  }
  const auto bio = crypto::owned<crypto::BioHandle>(BIO_new(BIO_s_mem()), "BIO_new");
  if (X509V3_EXT_print(bio.get(), extension, X509V3_EXT_DEFAULT, 0) != 1) {
    crypto::forget_errors();
    return std::nullopt;
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  std::string_view rest(data, static_cast<std::size_t>(size));
  std::string text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (!line.empty()) {
      text += text.empty() ? escape(line) : "\n" + escape(line);
    }
  }
  return text;
}

std::optional<std::string> text_of_known(int nid, ByteView value) {
  switch (nid) {
    case NID_subject_alt_name:
    case NID_issuer_alt_name: {
      const auto names = subject_alt_names_in(value);
      // A name may hold a comma but no newline, so a line each cannot be forged.
      return names.empty() ? std::nullopt : std::optional(fmt::format("{}", fmt::join(names, "\n")));
    }
    case NID_key_usage:
      return key_usage_text(value);
    case NID_ext_key_usage:
      return extended_key_usage_text(value);
    case NID_basic_constraints:
      return basic_constraints_text(value);
    default:
      return std::nullopt;
  }
}

std::string text_of_extension(int nid, X509_EXTENSION* extension, ByteView value) {
  auto text = text_of_known(nid, value);
  if (!text) text = microsoft_text(crypto::dotted(X509_EXTENSION_get_object(extension)), value);
  if (!text) text = printed(extension, value);
  return text.value_or(hex_text(value));
}

}  // namespace

std::vector<std::string> subject_alt_names_in(ByteView value) {
  std::vector<std::string> result;
  const auto names = crypto::decode<crypto::GeneralNamesHandle>(d2i_GENERAL_NAMES, value);
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    result.push_back(general_name_text(sk_GENERAL_NAME_value(names.get(), i)));
  }
  return result;
}

ExtensionDescription describe_extension(X509_EXTENSION* extension) {
  const ASN1_OBJECT* object = X509_EXTENSION_get_object(extension);
  const ByteView value = octets_of(X509_EXTENSION_get_data(extension));
  const int nid = OBJ_obj2nid(object);
  ExtensionDescription result;
  result.oid = crypto::dotted(object);
  result.name = nid == NID_undef ? result.oid : OBJ_nid2sn(nid);
  result.critical = X509_EXTENSION_get_critical(extension) > 0;
  result.text = text_of_extension(nid, extension, value);
  result.value.assign(value.begin(), value.end());
  return result;
}

std::vector<ExtensionDescription> describe_extensions(const RequestSpec& spec) {
  std::vector<ExtensionDescription> result;
  const auto extensions = encode_extensions(spec);
  for (int i = 0; extensions != nullptr && i < sk_X509_EXTENSION_num(extensions.get()); ++i)
    result.push_back(describe_extension(sk_X509_EXTENSION_value(extensions.get(), i)));
  return result;
}

}  // namespace p11csr::x509
