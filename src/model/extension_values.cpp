#include <algorithm>
#include <array>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>
#include <p11csr/model/extension_request.hpp>

#include "model/ascii.hpp"
#include "model/name_forms.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"

namespace p11csr {
namespace {

struct NamedFeature {
  std::string_view name;
  std::uint16_t number;
};
// The registry of TLS ExtensionType values; RFC 7633 was made for the first.
constexpr std::array kNamed{NamedFeature{"status_request", 5}, NamedFeature{"status_request_v2", 17}};

std::uint16_t feature_number(std::string_view text) {
  const auto* named = std::find_if(kNamed.begin(), kNamed.end(),
                                   [name = model::lower(text)](const NamedFeature& one) { return one.name == name; });
  if (named != kNamed.end()) return named->number;
  if (const auto number = model::parse_decimal(text, 0xffff)) return static_cast<std::uint16_t>(*number);
  throw Error(Errc::malformed_input, fmt::format("the TLS feature {} is not known", model::in_quotes(text)),
              model::did_you_mean(text, {kNamed[0].name, kNamed[1].name}, "say status_request, or a number"));
}

/// RFC 5280, 4.2.1.4: "The CPS Pointer qualifier contains a pointer to a Certification Practice Statement (CPS)
/// published by the CA. The pointer is in the form of a URI."
std::string statement_uri(std::string_view uri, std::string_view policy) {
  try {
    return model::parse_uri(uri).ascii;
  } catch (const Error& error) {
    throw Error(
        Errc::malformed_input,
        fmt::format("the cps of the certificate policy {} is no URI: {}", model::in_quotes(policy), error.what()),
        "write it as 2.23.140.1.2.1,cps=https://example.org/cps");
  }
}

}  // namespace

TlsFeatures TlsFeatures::parse(std::string_view list) {
  TlsFeatures result;
  while (true) {
    const auto comma = list.find(',');
    const std::string_view one = list.substr(0, comma);
    const std::uint16_t number = feature_number(one);
    if (std::find(result.numbers_.begin(), result.numbers_.end(), number) != result.numbers_.end())
      throw Error(Errc::malformed_input, fmt::format("the TLS feature {} is given twice", model::in_quotes(one)),
                  "give each once");
    result.numbers_.push_back(number);
    if (comma == std::string_view::npos) return result;
    list.remove_prefix(comma + 1);
  }
}

std::string tls_feature_name(std::uint16_t number) {
  for (const NamedFeature& one : kNamed)
    if (one.number == number) return std::string(one.name);
  return std::to_string(number);
}

CertificatePolicy CertificatePolicy::parse(std::string_view text) {
  constexpr std::string_view cps = "cps=";
  const auto comma = text.find(',');
  CertificatePolicy policy{Oid::parse(text.substr(0, comma)), std::nullopt};
  if (comma == std::string_view::npos) return policy;
  const std::string_view rest = text.substr(comma + 1);
  if (!rest.starts_with(cps) || rest.size() == cps.size() || !model::is_ascii(rest))
    throw Error(Errc::malformed_input, fmt::format("the certificate policy {} is malformed", model::in_quotes(text)),
                "write it as 2.23.140.1.2.1 or 2.23.140.1.2.1,cps=https://example.org/cps");
  policy.practice_statement = statement_uri(rest.substr(cps.size()), text);
  return policy;
}

std::string CertificatePolicy::text() const {
  return practice_statement ? fmt::format("{},cps={}", oid.dotted(), *practice_statement) : oid.dotted();
}

}  // namespace p11csr
