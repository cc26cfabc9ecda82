#include <algorithm>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "model/ascii.hpp"
#include "model/idna.hpp"
#include "model/name_forms.hpp"
#include "model/quote.hpp"

namespace p11csr::model {

namespace {

constexpr std::size_t longest_label = 63;  // RFC 1035, 2.3.4
constexpr std::size_t longest_name = 253;  // 255 octets on the wire

Error refused(std::string_view value, std::string_view why, std::string hint = "write it like web-01.example.org") {
  return Error(Errc::malformed_input, fmt::format("the DNS name {} {}", in_quotes(value), why), std::move(hint));
}

void check_label(std::string_view label, std::string_view value) {
  if (label.empty()) throw refused(value, "has an empty label", "write its labels with one dot between them");
  if (label.size() > longest_label) {
    throw refused(value, fmt::format("has a label of {} characters, 63 is the most", label.size()),
                  "use a name with shorter labels");
  }
  const auto fits = [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; };
  const auto odd = std::find_if_not(label.begin(), label.end(), fits);
  if (odd != label.end() && *odd == '*') {
    throw refused(value, "has a wildcard that is not its whole first label", "write it like *.example.org");
  }
  if (odd != label.end()) {
    throw refused(value, "holds a character that no host name has", "use letters, digits, '-' and '_'");
  }
  if (label.front() == '-' || label.back() == '-')
    throw refused(value, "has a label that begins or ends with '-'", "leave that '-' out");
  if (equal_ignoring_case(label.substr(0, 4), "xn--") && !Idna::shared().is_a_label(label)) {
    throw refused(value, fmt::format("has the label {}, which is no A-label", in_quotes(label)),
                  "write the name in its own script, or take the label from what IDNA 2008 makes of it");
  }
}

/// ascii_name checks everything but the wildcard, which was taken off.
std::string ascii_name(std::string_view name, std::string_view value) {
  std::string ascii = is_ascii(name) ? std::string(name) : Idna::shared().to_a_labels(name);
  if (ascii.ends_with('.')) throw refused(value, "ends with a dot", "leave the last dot out");
  for (const auto label : split(ascii, '.')) check_label(label, value);
  if (!is_ip_address(ascii) && ends_in_a_number(ascii)) {
    throw refused(value, "ends in a number, as no domain does", "write an IP address like --san ip:192.0.2.1");
  }
  return ascii;
}

void check_length(std::string_view ascii, std::string_view value) {
  if (ascii.size() > longest_name) {
    throw refused(value, fmt::format("has {} characters, {} is the most", ascii.size(), longest_name),
                  "use a shorter name");
  }
}

}  // namespace

bool ends_in_a_number(std::string_view ascii) {
  std::string_view last = ascii.substr(ascii.rfind('.') + 1);
  const bool hexadecimal = last.starts_with("0x") || last.starts_with("0X");
  if (hexadecimal) last.remove_prefix(2);
  return std::all_of(last.begin(), last.end(),
                     [&](char c) { return hexadecimal ? hex_digit(c).has_value() : is_digit(c); });
}

DnsName parse_dns_name(std::string_view value) {
  if (is_ip_address(value)) {
    throw refused(value, "is an IP address", fmt::format("--san ip:{}", value));
  }
  if (value == "*") throw refused(value, "is a wildcard for everything", "write it like *.example.org");
  const bool wildcard = value.starts_with("*.");
  std::string ascii = ascii_name(wildcard ? value.substr(2) : value, value);
  if (is_ip_address(ascii)) throw refused(value, "is an IP address", fmt::format("--san ip:{}", ascii));
  if (wildcard) ascii.insert(0, "*.");
  check_length(ascii, value);
  return {std::move(ascii)};
}

std::string host_name(std::string_view value) {
  std::string ascii = ascii_name(value, value);
  check_length(ascii, value);
  if (is_ip_address(ascii)) throw refused(value, "is an IP address", "name the host");
  if (ascii.find('_') != std::string::npos)
    throw refused(value, "holds an underscore, which no host name has", "use a name without it");
  return ascii;
}

}  // namespace p11csr::model
