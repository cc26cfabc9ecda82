#include "x509/lint/reserved_names.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <vector>

#include "model/ascii.hpp"

namespace p11csr::x509 {
namespace {

constexpr std::array<std::string_view, 16> internal_tlds = {
    "local", "localhost", "localdomain", "internal", "intranet", "private", "corp", "home",
    "lan",   "mail",      "test",        "example",  "invalid",  "alt",     "arpa", "workgroup",
};

// Where a registry sells names one level down: the common ones. In other countries such a name is anybody's (net.de).
constexpr std::array<std::string_view, 40> registries = {
    "co.uk",  "org.uk", "ac.uk",  "gov.uk", "com.au", "net.au", "org.au", "edu.au", "co.nz",  "org.nz",
    "co.jp",  "or.jp",  "ne.jp",  "ac.jp",  "go.jp",  "co.kr",  "or.kr",  "com.br", "org.br", "gov.br",
    "com.cn", "net.cn", "org.cn", "gov.cn", "com.tw", "com.hk", "com.sg", "co.in",  "org.in", "co.za",
    "org.za", "com.mx", "com.ar", "com.tr", "co.il",  "org.il", "co.th",  "com.my", "com.ua", "com.pl"};

/// Block is the beginning of addresses: `bits` of `octets`.
struct Block {
  std::array<std::uint8_t, 8> octets;
  std::size_t bits;
};

// TLS BR, 1.6.1 (Reserved IP Address): "contained in the address block of any entry" of IANA's IPv4 Special-Purpose
// Address Registry (RFC 6890, 2.2.2). So those that are reachable from everywhere are in it as well: AS112
// (192.31.196.0 and 192.175.48.0), AMT (192.52.193.0), 6to4 relays (192.88.99.0, deprecated), the anycast addresses in
// 192.0.0.0/24. Not of the registry is multicast (RFC 5771), which is no host's either.
constexpr std::array<Block, 18> ipv4_blocks = {{
    {{0}, 8},
    {{10}, 8},
    {{100, 64}, 10},
    {{127}, 8},
    {{169, 254}, 16},
    {{172, 16}, 12},
    {{192, 0, 0}, 24},
    {{192, 0, 2}, 24},
    {{192, 31, 196}, 24},
    {{192, 52, 193}, 24},
    {{192, 88, 99}, 24},
    {{192, 168}, 16},
    {{192, 175, 48}, 24},
    {{198, 18}, 15},
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 4},
    {{240}, 4},
}};

// Likewise of the IPv6 registry (RFC 6890, 2.2.3), here what of it is in 2000::/3; 2001::/23 holds Teredo, ORCHID,
// benchmarking, AMT and others, 2620:4f:8000::/48 is AS112. All else is no global unicast address (RFC 4291, 2.4), as
// the registry's other entries are not: ::, ::1, ::ffff:0:0/96, 64:ff9b::/96, 64:ff9b:1::/48, 100::/64, 5f00::/16,
// fc00::/7 and fe80::/10.
constexpr std::array<Block, 5> ipv6_blocks = {{
    {{0x20, 0x01, 0x00}, 23},
    {{0x20, 0x01, 0x0d, 0xb8}, 32},
    {{0x20, 0x02}, 16},
    {{0x26, 0x20, 0x00, 0x4f, 0x80, 0x00}, 48},
    {{0x3f, 0xff, 0x00}, 20},
}};

bool is_in(ByteView octets, const Block& block) {
  for (std::size_t bit = 0; bit < block.bits; ++bit) {
    const auto difference = static_cast<unsigned>(octets[bit / 8] ^ block.octets.at(bit / 8));
    if ((difference >> (7 - bit % 8) & 1U) != 0) return false;
  }
  return true;
}

template <std::size_t count>
bool is_in_any(ByteView octets, const std::array<Block, count>& blocks) {
  return std::any_of(blocks.begin(), blocks.end(), [octets](const Block& block) { return is_in(octets, block); });
}

template <std::size_t count>
bool is_among(std::string_view label, const std::array<std::string_view, count>& list) {
  return std::any_of(list.begin(), list.end(),
                     [label](std::string_view one) { return model::equal_ignoring_case(one, label); });
}

}  // namespace

bool is_internal_name(std::string_view name) {
  if (name.starts_with("*.")) return name.find('.', 2) != std::string_view::npos && is_internal_name(name.substr(2));
  const auto labels = model::split(name, '.');
  if (labels.size() < 2) return true;
  return is_among(labels.back(), internal_tlds);
}

bool is_public_suffix(std::string_view name) {
  return name.find('.') == std::string_view::npos || is_among(name, registries);
}

bool is_reserved_address(ByteView octets) {
  constexpr std::size_t ipv4_octets = 4;
  constexpr std::size_t ipv6_octets = 16;
  constexpr Block global_unicast = {{0x20}, 3};
  if (octets.size() == ipv4_octets) return is_in_any(octets, ipv4_blocks);
  return octets.size() == ipv6_octets && (!is_in(octets, global_unicast) || is_in_any(octets, ipv6_blocks));
}

std::string address_text(ByteView octets) {
  if (octets.size() == 4) return fmt::format("{}.{}.{}.{}", octets[0], octets[1], octets[2], octets[3]);
  std::vector<unsigned> groups;
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
    groups.push_back(static_cast<unsigned>(octets[i]) << 8 | octets[i + 1]);
  }
  // RFC 5952, 4.2: "::" stands for the longest run of zero groups, the first of equal ones, never for a single one.
  std::size_t first = groups.size();
  std::size_t longest = 1;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    std::size_t end = i;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - i > longest) {
      first = i;
      longest = end - i;
    }
  }
  std::string text;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i == first) {
      text += "::";
      i += longest - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    text += fmt::format("{:x}", groups[i]);
  }
  return text;
}

}  // namespace p11csr::x509
