#include "cli/token_variable.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <strings.h>

#include <p11csr/model/error.hpp>

#include "cli/environment.hpp"
#include "model/ascii.hpp"

namespace p11csr::cli {
namespace {

constexpr const char* kName = "P11CSR_TOKEN";
constexpr std::string_view kPinValue = "pin-value=";

Error malformed(const char* what) {
  return {Errc::malformed_input, what, "write it as pkcs11:token=LABEL?pin-value=PIN, or name the PIN by --pin-source"};
}

// RFC 3986, 2.1: percent-encoded octets, decoded straight into the secret's own memory.
Secret decoded(std::string_view value) {
  Secret pin(value.size());
  std::size_t size = 0;
  for (std::size_t at = 0; at < value.size(); ++at) {
    auto octet = static_cast<std::uint8_t>(value[at]);
    if (octet == '%') {
      const auto high = at + 2 < value.size() ? model::hex_digit(value[at + 1]) : std::nullopt;
      const auto low = at + 2 < value.size() ? model::hex_digit(value[at + 2]) : std::nullopt;
      if (!high || !low) throw malformed("the pin-value in P11CSR_TOKEN has a '%' without two hexadecimal digits");
      octet = static_cast<std::uint8_t>(*high * 16 + *low);
      at += 2;
    }
    pin.buffer()[size++] = octet;
  }
  pin.set_size(size);
  return pin;
}

// Takes the query's attributes apart (RFC 7512, 2.3): the PIN goes one way, all others the other.
TokenVariable without_pin(std::string_view uri) {
  const auto question = uri.find('?');
  TokenVariable result{std::string(uri.substr(0, question)), std::nullopt};
  char separator = '?';
  std::string_view rest = question == std::string_view::npos ? std::string_view() : uri.substr(question + 1);
  while (!rest.empty()) {
    const auto attribute = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(attribute.size() + 1, rest.size()));
    if (attribute.substr(0, kPinValue.size()) == kPinValue) {
      if (result.pin) throw malformed("P11CSR_TOKEN has two pin-values");
      result.pin = decoded(attribute.substr(kPinValue.size()));
      continue;
    }
    result.token.append(1, separator).append(attribute);
    separator = '&';
  }
  return result;
}

struct Wiper {
  ~Wiper() { wipe_environment_value(kName); }
};

}  // namespace

bool is_uri(std::string_view token) {
  constexpr std::string_view scheme = "pkcs11:";
  return token.size() >= scheme.size() && strncasecmp(token.data(), scheme.data(), scheme.size()) == 0;
}

bool names_pin_source(std::string_view token) {
  if (!is_uri(token)) return false;
  const auto query = token.substr(std::min(token.find('?'), token.size()));
  return query.find("?pin-source=") != std::string_view::npos || query.find("&pin-source=") != std::string_view::npos;
}

std::optional<TokenVariable> take_token_variable() {
  const char* value = std::getenv(kName);
  if (value == nullptr || *value == '\0') return std::nullopt;
  const std::string_view text = value;
  if (!is_uri(text) || text.find("pin-value") == std::string_view::npos) return TokenVariable{value, std::nullopt};
  const Wiper wiper;
  // Before the '?' it is no PIN by the standard, but a person may have meant one.
  if (text.substr(0, text.find('?')).find("pin-value") != std::string_view::npos)
    throw malformed("the pin-value in P11CSR_TOKEN does not stand behind a '?'");
  return without_pin(text);
}

}  // namespace p11csr::cli
