#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include <p11csr/model/error.hpp>

#include "model/ascii.hpp"
#include "model/name_forms.hpp"
#include "model/quote.hpp"

namespace p11csr::model {

namespace {

Error refused(std::string_view value, std::string_view why,
              std::string hint = "write it like https://example.org/path, and percent-encode what is special") {
  return Error(Errc::malformed_input, fmt::format("the URI {} {}", in_quotes(value), why), std::move(hint));
}

bool is_scheme(std::string_view scheme) {
  const auto fits = [](char c) { return is_alphanumeric(c) || c == '+' || c == '-' || c == '.'; };
  return !scheme.empty() && is_letter(scheme.front()) && std::all_of(scheme.begin(), scheme.end(), fits);
}

// RFC 3986, 2: unreserved, gen-delims, sub-delims and percent-encoded octets.
void check_characters(std::string_view value) {
  if (!is_ascii(value)) {
    throw refused(value, "holds letters outside ASCII", "percent-encode them, and write the host in A-labels (xn--…)");
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '%') {
      if (value.size() - i < 3 || !hex_digit(value[i + 1]) || !hex_digit(value[i + 2])) {
        throw refused(value, "has a '%' without two hexadecimal digits", "write %25 for the percent sign itself");
      }
      continue;
    }
    const bool fits =
        is_alphanumeric(c) || std::string_view("-._~:/?#[]@!$&'()*+,;=").find(c) != std::string_view::npos;
    if (!fits) throw refused(value, fmt::format("holds {}", in_quotes({&c, 1})), "percent-encode it");
  }
}

struct Authority {
  std::string_view text;
  std::string_view rest;
};

std::optional<Authority> authority_of(std::string_view behind_scheme) {
  if (!behind_scheme.starts_with("//")) return std::nullopt;
  behind_scheme.remove_prefix(2);
  const auto end = std::min(behind_scheme.find_first_of("/?#"), behind_scheme.size());
  return Authority{behind_scheme.substr(0, end), behind_scheme.substr(end)};
}

/// Schemes whose authority is a host on the Internet (RFC 9110, 4.2; RFC 4516; RFC 1738, 3.2).
bool names_an_internet_host(std::string_view scheme) {
  constexpr std::array<std::string_view, 5> schemes{"http", "https", "ldap", "ldaps", "ftp"};
  return std::any_of(schemes.begin(), schemes.end(),
                     [scheme](std::string_view known) { return equal_ignoring_case(scheme, known); });
}

void check_port(std::string_view port, std::string_view value) {
  constexpr unsigned highest_port = 65535;
  // RFC 3986, 3.2.3: the port may be empty behind its colon.
  if (port.empty() || port == ":") return;
  const auto digits = port.substr(1);
  if (port.front() != ':' || !std::all_of(digits.begin(), digits.end(), is_digit))
    throw refused(value, "has a port that is no number", "write a port from 0 to 65535, or none");
  if (!parse_decimal(digits, highest_port))
    throw refused(value, "has a port above 65535", "write a port from 0 to 65535, or none");
}

// RFC 3986, 3.2: authority = [ userinfo "@" ] host [ ":" port ]
void check_authority(std::string_view scheme, std::string_view authority, std::string_view value) {
  const auto at = authority.rfind('@');
  const auto user = at == std::string_view::npos ? std::string_view{} : authority.substr(0, at);
  auto host = at == std::string_view::npos ? authority : authority.substr(at + 1);
  if (user.find_first_of("@[]") != std::string_view::npos)
    throw refused(value, "has more than one '@' before its host");
  std::string_view port;
  if (host.starts_with('[')) {
    const auto close = host.find(']');
    const auto literal = host.substr(1, close == std::string_view::npos ? close : close - 1);
    const bool is_v6 = literal.find(':') != std::string_view::npos && is_ip_address(literal);
    if (close == std::string_view::npos || !is_v6) throw refused(value, "has no IPv6 address in its brackets");
    port = host.substr(close + 1);
    host = literal;
  } else {
    const auto colon = std::min(host.find(':'), host.size());
    port = host.substr(colon);
    host = host.substr(0, colon);
  }
  check_port(port, value);
  // RFC 5280, 4.2.1.6: a URI with an authority "MUST include a fully qualified domain name or IP address as the host".
  if (host.empty()) throw refused(value, "has no host behind '//'");
  if (host.find_first_of("[]") != std::string_view::npos) throw refused(value, "has a bracket in its host name");
  if (names_an_internet_host(scheme) && !is_ip_address(host)) static_cast<void>(host_name(host));
}

}  // namespace

UniformResourceIdentifier parse_uri(std::string_view value) {
  const auto colon = value.find(':');
  if (colon == std::string_view::npos || !is_scheme(value.substr(0, colon))) {
    throw refused(value, "has no scheme", "write it like --san uri:https://example.org/");
  }
  check_characters(value);
  const auto scheme = value.substr(0, colon);
  auto rest = value.substr(colon + 1);
  if (rest.empty() || rest == "//") throw refused(value, "has nothing behind its scheme");
  if (const auto authority = authority_of(rest)) {
    // RFC 8089, 2: a file URI may leave its host out.
    const bool host_omitted = authority->text.empty() && equal_ignoring_case(scheme, "file");
    if (!host_omitted) check_authority(scheme, authority->text, value);
    rest = authority->rest;
  } else if (names_an_internet_host(scheme)) {
    throw refused(value, "names no host", fmt::format("write it like {}://host.example/", scheme));
  }
  if (rest.find_first_of("[]") != std::string_view::npos) throw refused(value, "has a bracket outside its host");
  const auto fragment = rest.find('#');
  if (fragment != std::string_view::npos && rest.find('#', fragment + 1) != std::string_view::npos) {
    throw refused(value, "has more than one '#'", "percent-encode the others as %23");
  }
  return {std::string(value)};
}

}  // namespace p11csr::model
