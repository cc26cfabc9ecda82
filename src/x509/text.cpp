#include "x509/text.hpp"

#include <ctime>
#include <fmt/format.h>
#include <iterator>

#include "crypto/openssl_error.hpp"
#include "model/utf8.hpp"

namespace p11csr::x509 {
namespace {

void append_octets(std::string& out, std::string_view octets) {
  for (const char octet : octets) {
    fmt::format_to(std::back_inserter(out), "\\{:02x}", static_cast<unsigned char>(octet));
  }
}

/// The types whose octets are characters.
bool is_text_type(int type) {
  switch (type) {
    case V_ASN1_UTF8STRING:
    case V_ASN1_NUMERICSTRING:
    case V_ASN1_PRINTABLESTRING:
    case V_ASN1_T61STRING:
    case V_ASN1_IA5STRING:
    case V_ASN1_VISIBLESTRING:
    case V_ASN1_UNIVERSALSTRING:
    case V_ASN1_BMPSTRING:
      return true;
    default:
      return false;
  }
}

}  // namespace

ByteView octets_of(const ASN1_STRING* string) {
  return {ASN1_STRING_get0_data(string), static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string escape(std::string_view text, std::string_view also) {
  std::string result;
  while (!text.empty()) {
    const auto character = model::first_code_point(text);
    const std::string_view octets = text.substr(0, character ? character->octets : 1);
    const bool hostile =
        !character || model::is_deceptive(character->value) || also.find(octets) != std::string_view::npos;
    if (hostile) {
      append_octets(result, octets);
    } else {
      result += octets;
    }
    text.remove_prefix(octets.size());
  }
  return result;
}

std::string escape_ascii(ByteView text) {
  std::string result;
  for (const char c : as_text(text)) {
    if (c >= 0x20 && c < 0x7f && c != '\\') {
      result += c;
    } else {
      append_octets(result, {&c, 1});
    }
  }
  return result;
}

std::optional<std::string> text_of(const ASN1_STRING* string) {
  if (!is_text_type(ASN1_STRING_type(string))) {
    return std::nullopt;
  }
  unsigned char* octets = nullptr;
  const int size = ASN1_STRING_to_UTF8(&octets, string);
  const crypto::OwnedMemory owner(octets);
  if (size < 0) {
    crypto::forget_errors();
    return std::nullopt;
  }
  std::string text(octets, octets + size);
  return model::count_code_points(text) ? std::optional(std::move(text)) : std::nullopt;
}

std::string time_text(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) {
    crypto::forget_errors();
    return escape_ascii(octets_of(time));
  }
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace p11csr::x509
