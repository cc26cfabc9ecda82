#include "profile/derived_name.hpp"

#include <fmt/format.h>

#include <p11csr/model/error.hpp>
#include <p11csr/model/general_name.hpp>

#include "model/ascii.hpp"

namespace p11csr::profile {

std::optional<std::string> name_from(const std::string& common_name, const std::vector<SanKind>& kinds) {
  if (common_name.empty()) return std::nullopt;
  for (const SanKind kind : kinds) {
    try {
      return to_string(parse_general_name(fmt::format("{}:{}", san_kind_name(kind), common_name)));
    } catch (const Error&) {
      continue;  // not that kind
    }
  }
  return std::nullopt;
}

bool is_same_name(const std::string& name, const std::string& canonical) {
  if (san_kind_of(name) != san_kind_of(canonical)) return false;
  return model::equal_ignoring_case(to_string(parse_general_name(name)), canonical);
}

std::string value_of_name(const std::string& name) {
  const std::string canonical = to_string(parse_general_name(name));
  return canonical.substr(canonical.find(':') + 1);
}

Subject with_common_name(const Subject& subject, const std::string& value) {
  static const Oid common_name = Oid::parse("2.5.4.3");
  std::vector<RelativeDistinguishedName> rdns = subject.rdns();
  for (auto rdn = rdns.rbegin(); rdn != rdns.rend(); ++rdn) {
    for (auto attribute = rdn->rbegin(); attribute != rdn->rend(); ++attribute) {
      if (attribute->type != common_name) continue;
      attribute->value = value;
      return Subject(std::move(rdns));
    }
  }
  return subject;
}

}  // namespace p11csr::profile
