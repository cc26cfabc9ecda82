#include <algorithm>
#include <fmt/format.h>

#include <p11csr/model/error.hpp>

#include "model/ascii.hpp"
#include "model/name_forms.hpp"
#include "model/quote.hpp"

namespace p11csr::model {

namespace {

constexpr std::size_t longest_local_part = 64;  // RFC 5321, 4.5.3.1.1
constexpr std::size_t longest_mailbox = 254;    // RFC 5321, 4.5.3.1.3, without the angle brackets

Error refused(std::string_view value, std::string_view why, std::string hint = {}) {
  return Error(Errc::malformed_input, fmt::format("the mailbox {} {}", in_quotes(value), why), std::move(hint));
}

struct AtSplit {
  std::string_view left;
  std::string_view right;
};

/// split_at gives empty parts where there is not exactly one '@'.
AtSplit split_at(std::string_view value) {
  const auto at = value.find('@');
  if (at == std::string_view::npos || value.find('@', at + 1) != std::string_view::npos) return {};
  return {value.substr(0, at), value.substr(at + 1)};
}

/// halves parts a mailbox at the '@' that ends its local part, which may be quoted; both are empty where there is none.
AtSplit halves(std::string_view value) {
  if (!value.starts_with('"')) return split_at(value);
  std::size_t end = 1;
  while (end < value.size() && value[end] != '"') end += value[end] == '\\' ? 2 : 1;
  if (end + 1 >= value.size() || value[end + 1] != '@') return {};
  return {value.substr(0, end + 1), value.substr(end + 2)};
}

// RFC 5322, 3.2.3: atext.
bool is_atom(std::string_view atom) {
  const auto fits = [](char c) {
    return is_alphanumeric(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
  };
  return !atom.empty() && std::all_of(atom.begin(), atom.end(), fits);
}

bool is_dot_atom(std::string_view text) {
  while (true) {
    const auto end = text.find('.');
    if (!is_atom(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

// RFC 5321, 4.1.2: Quoted-string, of graphic characters and spaces; halves() has found where it ends.
bool is_quoted_string(std::string_view text) {
  const auto fits = [](char c) { return c >= ' ' && c <= '~'; };
  return text.starts_with('"') && std::all_of(text.begin(), text.end(), fits);
}

// RFC 5321, 4.1.3: address-literal = "[" ( IPv4 / "IPv6:" IPv6 ) "]"; no other kind is registered.
void check_address_literal(std::string_view literal, std::string_view value) {
  constexpr std::string_view tag = "IPv6:";
  const std::string_view inside = literal.substr(1, literal.size() - 1 - (literal.ends_with(']') ? 1 : 0));
  const bool tagged = equal_ignoring_case(inside.substr(0, tag.size()), tag);
  const std::string_view address = tagged ? inside.substr(tag.size()) : inside;
  const bool is_v6 = address.find(':') != std::string_view::npos;
  if (literal.ends_with(']') && is_ip_address(address) && tagged == is_v6) return;
  throw refused(value, "has no IP address in its brackets",
                "write it like admin@[192.0.2.1] or admin@[IPv6:2001:db8::1]");
}

std::string mail_domain(std::string_view domain, std::string_view value) {
  if (domain.starts_with('[')) {
    check_address_literal(domain, value);
    return std::string(domain);
  }
  if (is_ip_address(domain))
    throw refused(value, "has an IP address without brackets behind the '@'", "write it like admin@[192.0.2.1]");
  return host_name(domain);
}

}  // namespace

Rfc822Name parse_rfc822_name(std::string_view value) {
  const auto [local, domain] = halves(value);
  if (local.empty() || domain.empty()) {
    throw refused(value, "is not LOCAL@DOMAIN", "write it like --san email:admin@example.org");
  }
  if (!is_ascii(local)) {
    throw refused(value, "has letters outside ASCII before the '@', which an rfc822Name cannot hold",
                  "use an ASCII address of the same mailbox");
  }
  if (local.size() > longest_local_part) {
    throw refused(value,
                  fmt::format("has {} characters before the '@', {} is the most", local.size(), longest_local_part),
                  "use a shorter address of the same mailbox");
  }
  if (!is_dot_atom(local) && !is_quoted_string(local)) {
    throw refused(
        value, "has no plain local part before the '@'",
        "give the address alone, and put quotes around a local part that needs them: \"john doe\"@example.org");
  }
  std::string mailbox = fmt::format("{}@{}", local, mail_domain(domain, value));
  if (mailbox.size() > longest_mailbox) {
    throw refused(value, fmt::format("has {} characters, {} is the most", mailbox.size(), longest_mailbox),
                  "use a shorter address of the same mailbox");
  }
  return {std::move(mailbox)};
}

UserPrincipalName parse_upn(std::string_view value) {
  const auto [user, realm] = split_at(value);
  if (user.empty() || realm.empty()) {
    throw Error(Errc::malformed_input, fmt::format("the user principal name {} is not USER@REALM", in_quotes(value)),
                "write it like alice@example.org");
  }
  return {std::string(value)};
}

}  // namespace p11csr::model
