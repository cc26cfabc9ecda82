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

}  // namespace

Rfc822Name parse_rfc822_name(std::string_view value) {
  const auto [local, domain] = split_at(value);
  if (local.empty() || domain.empty()) {
    throw refused(value, "is not LOCAL@DOMAIN", "write it like --san email:admin@example.org");
  }
  if (!is_ascii(local)) {
    throw refused(value, "has letters outside ASCII before the '@', which an rfc822Name cannot hold",
                  "use an ASCII address of the same mailbox");
  }
  if (!is_dot_atom(local) || local.size() > longest_local_part) {
    throw refused(value, "has no plain local part of at most 64 characters before the '@'");
  }
  std::string mailbox = fmt::format("{}@{}", local, host_name(domain));
  if (mailbox.size() > longest_mailbox) {
    throw refused(value, fmt::format("has {} characters, {} is the most", mailbox.size(), longest_mailbox));
  }
  return {std::move(mailbox)};
}

UserPrincipalName parse_upn(std::string_view value) {
  const auto [user, realm] = split_at(value);
  if (user.empty() || realm.empty()) {
    throw Error(Errc::malformed_input, fmt::format("the user principal name {} is not USER@REALM", in_quotes(value)),
                "write it like --san upn:alice@example.org");
  }
  return {std::string(value)};
}

}  // namespace p11csr::model
