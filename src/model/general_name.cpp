#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <vector>

#include <p11csr/model/error.hpp>
#include <p11csr/model/general_name.hpp>

#include "model/ascii.hpp"
#include "model/name_forms.hpp"
#include "model/nearest.hpp"
#include "model/quote.hpp"
#include "model/utf8.hpp"

namespace p11csr {

namespace {

const std::vector<std::string_view>& kinds() {
  static const std::vector<std::string_view> names = {"dns", "ip",  "email",   "uri",
                                                      "upn", "rid", "dirname", "othername"};
  return names;
}

GeneralName parse_kind(std::string_view kind, std::string_view value) {
  if (kind == "dns") return model::parse_dns_name(value);
  if (kind == "ip") return model::parse_ip_address(value);
  if (kind == "email") return model::parse_rfc822_name(value);
  if (kind == "uri") return model::parse_uri(value);
  if (kind == "upn") return model::parse_upn(value);
  if (kind == "rid") return RegisteredId{Oid::parse(value)};
  if (kind == "dirname") return model::parse_directory_name(value);
  return model::parse_other_name(value);
}

/// guessed is the whole flag for text that has no kind but is a sound name of one.
std::optional<std::string> guessed(std::string_view text) {
  for (const std::string_view kind : {"ip", "email", "dns"}) {
    try {
      return "--san " + model::shell_word(to_string(parse_kind(kind, text)));
    } catch (const Error&) {
      continue;  // not that kind
    }
  }
  return std::nullopt;
}

[[noreturn]] void refuse_kind(std::string_view text, std::string_view kind) {
  const std::string known = fmt::format("the kinds are {}", model::join(kinds(), ", "));
  const bool web = text.size() > kind.size() && text.substr(kind.size()).starts_with("://");
  const auto guess = guessed(text);
  std::string hint = known;
  if (web) {
    hint = "--san " + model::shell_word(fmt::format("uri:{}", text));
  } else if (guess) {
    hint = *guess;
  } else {
    hint = model::did_you_mean(kind, kinds(), std::move(hint));
  }
  throw Error(Errc::malformed_input,
              fmt::format("the subject alternative name {} has no known kind", model::in_quotes(text)),
              std::move(hint));
}

std::string ip_text(const Bytes& octets) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool is_v4 = octets.size() == sizeof(in_addr);
  if (!is_v4 && octets.size() != sizeof(in6_addr)) return to_hex(octets);
  inet_ntop(is_v4 ? AF_INET : AF_INET6, octets.data(), text.data(), static_cast<socklen_t>(text.size()));
  return text.data();
}

struct ToString {
  std::string operator()(const DnsName& name) const { return "dns:" + name.ascii; }
  std::string operator()(const IpAddress& name) const { return "ip:" + ip_text(name.octets); }
  std::string operator()(const Rfc822Name& name) const { return "email:" + name.ascii; }
  std::string operator()(const UniformResourceIdentifier& name) const { return "uri:" + name.ascii; }
  std::string operator()(const UserPrincipalName& name) const { return "upn:" + name.utf8; }
  std::string operator()(const DirectoryName& name) const { return "dirname:" + name.name.to_string(); }
  std::string operator()(const RegisteredId& name) const { return "rid:" + name.oid.dotted(); }
  std::string operator()(const OtherName& name) const { return "othername:" + model::other_name_text(name); }
};

}  // namespace

GeneralName parse_general_name(std::string_view text) {
  model::check_text(text, "the subject alternative name");
  const auto colon = text.find(':');
  const std::string kind = model::lower(text.substr(0, colon));
  const bool known = std::find(kinds().begin(), kinds().end(), kind) != kinds().end();
  if (colon == std::string_view::npos || !known) refuse_kind(text, kind);
  const auto value = text.substr(colon + 1);
  if (value.empty()) {
    throw Error(Errc::malformed_input,
                fmt::format("the subject alternative name {} has no value", model::in_quotes(text)),
                fmt::format("write the name behind '{}:'", kind));
  }
  return parse_kind(kind, value);
}

std::string to_string(const GeneralName& name) { return std::visit(ToString{}, name); }

}  // namespace p11csr
