#include <fmt/format.h>
#include <limits>
#include <vector>

#include <p11csr/model/error.hpp>
#include <p11csr/model/microsoft.hpp>

#include "model/ascii.hpp"
#include "model/quote.hpp"
#include "model/utf8.hpp"

namespace p11csr {
namespace {

constexpr std::uint32_t kLargest = std::numeric_limits<std::uint32_t>::max();
constexpr const char* kTemplateForms =
    "write the template's name (WebServer), or its OID with its version (1.3.6.1.4.1.311.21.8.1.2:100:4)";

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Error bad_template(std::string_view text, std::string_view why) {
  return {Errc::malformed_input, fmt::format("the certificate template {} {}", model::in_quotes(text), why),
          kTemplateForms};
}

bool looks_like_oid(std::string_view text) {
  return !text.empty() && model::is_digit(text.front()) && text.find('.') != std::string_view::npos;
}

CertificateTemplateOid parse_template_oid(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() > 3) throw bad_template(text, "has more than a major and a minor version");
  CertificateTemplateOid result{Oid::parse(parts.front()), std::nullopt, std::nullopt};
  const auto version = [&](std::size_t at) -> std::optional<std::uint32_t> {
    if (parts.size() <= at) return std::nullopt;
    const auto number = model::parse_decimal(parts[at], kLargest);
    if (!number) throw bad_template(text, fmt::format("has a version that is no number from 0 to {}", kLargest));
    return *number;
  };
  result.major = version(1);
  result.minor = version(2);
  return result;
}

CertificateTemplateName parse_template_name(std::string_view text) {
  constexpr char32_t last_of_bmp = 0xffff;
  if (text.empty()) throw bad_template(text, "is empty");
  model::check_text(text, "the certificate template");
  for (std::string_view rest = text; !rest.empty();) {
    const auto point = model::first_code_point(rest);
    if (!point || point->value > last_of_bmp) throw bad_template(text, "has a character that no BMPString holds");
    rest.remove_prefix(point->octets);
  }
  return {std::string(text)};
}

struct ToString {
  std::string operator()(const CertificateTemplateName& name) const { return name.utf8; }
  std::string operator()(const CertificateTemplateOid& name) const {
    std::string text = name.oid.dotted();
    if (name.major) text += fmt::format(":{}", *name.major);
    if (name.minor) text += fmt::format(":{}", *name.minor);
    return text;
  }
};

}  // namespace

CertificateTemplate parse_certificate_template(std::string_view text) {
  if (looks_like_oid(text)) return parse_template_oid(text);
  return parse_template_name(text);
}

std::string to_string(const CertificateTemplate& name) { return std::visit(ToString{}, name); }

SecurityIdentifier SecurityIdentifier::parse(std::string_view text) {
  // MS-DTYP, 2.4.2.1: revision 1, an authority that is decimal below 2^32, and 1 to 15 sub-authorities of 32 bits.
  constexpr std::size_t most_parts = 3 + 15;
  const Error bad(Errc::malformed_input, fmt::format("the security identifier {} is no SID", model::in_quotes(text)),
                  "write it like S-1-5-21-1004336348-1177238915-682003330-512; 'whoami /user' shows one's own");
  const auto parts = split(text, '-');
  if (parts.size() < 4 || parts.size() > most_parts || parts[0] != "S" || parts[1] != "1") throw Error(bad);
  for (std::size_t at = 2; at < parts.size(); ++at) {
    const bool leading_zero = parts[at].size() > 1 && parts[at].front() == '0';
    const auto number = model::parse_decimal(parts[at], kLargest);
    if (!number || leading_zero) throw Error(bad);
  }
  return SecurityIdentifier(std::string(text));
}

}  // namespace p11csr
