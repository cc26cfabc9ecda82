#include <arpa/inet.h>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <string>

#include <p11csr/model/error.hpp>

#include "model/name_forms.hpp"
#include "model/quote.hpp"

namespace p11csr::model {

namespace {

std::optional<Bytes> octets_of(std::string_view value) {
  if (value.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string text(value);
  Bytes octets(sizeof(in6_addr));
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) return octets;
  octets.resize(sizeof(in_addr));
  if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) return octets;
  return std::nullopt;
}

std::string hint_for(std::string_view value) {
  const auto slash = value.find('/');
  if (slash != std::string_view::npos && is_ip_address(value.substr(0, slash))) {
    return fmt::format("a certificate names single addresses; leave out {}", in_quotes(value.substr(slash)));
  }
  const bool bracketed = value.size() > 2 && value.front() == '[' && value.back() == ']';
  if (bracketed && is_ip_address(value.substr(1, value.size() - 2))) return "leave out the brackets";
  const auto zone = value.find('%');
  if (zone != std::string_view::npos && is_ip_address(value.substr(0, zone))) {
    return fmt::format("leave out the zone {}", in_quotes(value.substr(zone)));
  }
  return "write it like --san ip:192.0.2.1 or --san ip:2001:db8::1";
}

}  // namespace

bool is_ip_address(std::string_view value) { return octets_of(value).has_value(); }

IpAddress parse_ip_address(std::string_view value) {
  auto octets = octets_of(value);
  if (!octets) {
    throw Error(Errc::malformed_input, fmt::format("{} is not an IP address", in_quotes(value)), hint_for(value));
  }
  return {std::move(*octets)};
}

}  // namespace p11csr::model
