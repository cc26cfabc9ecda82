#include "x509/configured_name.hpp"

#include <fmt/format.h>

#include "model/ascii.hpp"
#include "model/quote.hpp"

namespace p11csr::x509 {

ConfiguredType::ConfiguredType(const std::string& name) {
  const auto mark = name.find_first_of(":,.");
  type = mark == std::string::npos || mark + 1 == name.size() ? name : name.substr(mark + 1);
  joins = type.starts_with('+');
  if (joins) type.erase(0, 1);
}

Subject configured_name(const ConfigurationEntry& entry, const Configuration& configuration) {
  std::vector<RelativeDistinguishedName> rdns;
  for (const ConfigurationEntry& attribute : configuration.named_section(entry, entry.value)) {
    const ConfiguredType named(attribute.name);
    const auto oid = configuration.find_oid(named.type);
    if (!oid)
      throw attribute.refused(fmt::format("unknown attribute type {}", model::in_quotes(named.type)),
                              "use a short name such as CN, or a dotted object identifier");
    if (!model::is_ascii(attribute.value))
      throw attribute.refused("the value is not ASCII, and openssl req reads it as Latin-1",
                              "give the name with --san dirname:…");
    if (!named.joins || rdns.empty()) rdns.emplace_back();
    rdns.back().push_back({*oid, attribute.value});
  }
  return Subject(std::move(rdns));
}

}  // namespace p11csr::x509
