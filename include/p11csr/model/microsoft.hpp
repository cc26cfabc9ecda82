#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <p11csr/model/oid.hpp>

#pragma GCC visibility push(default)
namespace p11csr {

/// CertificateTemplateName names a template of Active Directory Certificate Services by its common name, for the
/// extension 1.3.6.1.4.1.311.20.2 (MS-WCCE, 2.2.2.7.7.1): a BMPString, so each character is below U+10000.
struct CertificateTemplateName {
  std::string utf8;
};
/// CertificateTemplateOid names a template by its OID, for the extension 1.3.6.1.4.1.311.21.7 (MS-WCCE, 2.2.2.7.7.2).
struct CertificateTemplateOid {
  Oid oid;
  std::optional<std::uint32_t> major;
  std::optional<std::uint32_t> minor;  // only with major
};
/// CertificateTemplate names a template of a Windows CA, in one of its two extensions.
using CertificateTemplate = std::variant<CertificateTemplateName, CertificateTemplateOid>;

/// parse_certificate_template reads "NAME" or "OID[:major[:minor]]". Throws Error(malformed_input) that quotes the
/// text.
[[nodiscard]] CertificateTemplate parse_certificate_template(std::string_view text);

/// to_string gives what parse_certificate_template reads back.
[[nodiscard]] std::string to_string(const CertificateTemplate& name);

/// SecurityIdentifier is a Windows account's SID, "S-1-5-21-…" (MS-DTYP, 2.4.2.1), in decimal and without leading
/// zeros.
class SecurityIdentifier {
 public:
  /// parse throws Error(malformed_input) that quotes the text.
  [[nodiscard]] static SecurityIdentifier parse(std::string_view text);

  /// text is "S-1-5-21-…".
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// uri is the SID as a name of a SubjectAltName: "tag:microsoft.com,2022-09-14:sid:S-1-…".
  [[nodiscard]] std::string uri() const { return "tag:microsoft.com,2022-09-14:sid:" + text_; }

 private:
  explicit SecurityIdentifier(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace p11csr
#pragma GCC visibility pop
