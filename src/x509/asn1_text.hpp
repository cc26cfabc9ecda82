#pragma once

#include <string>
#include <string_view>

namespace p11csr::x509 {

/// Asn1Text is text for ASN1_generate_nconf(3), "[modifier,]type[:value]", as far as it says how characters are read.
/// All are views into the text.
struct Asn1Text {
  std::string_view format;  // of the last FORMAT modifier; empty where none is named
  std::string_view type;
  std::string_view value;

  explicit Asn1Text(std::string_view text);

  /// misread tells characters that OpenSSL would take for Latin-1: without FORMAT:UTF8 it does so with every octet.
  [[nodiscard]] bool misread() const;
  /// names_section is true for SEQUENCE and SET, whose value is a section with more of such text.
  [[nodiscard]] bool names_section() const;
};

}  // namespace p11csr::x509
