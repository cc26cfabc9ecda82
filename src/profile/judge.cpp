#include "profile/judge.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include <p11csr/model/error.hpp>
#include <p11csr/model/general_name.hpp>

#include "model/ascii.hpp"
#include "model/quote.hpp"

namespace p11csr::profile {

namespace {

using Rdns = std::vector<RelativeDistinguishedName>;

Error forbidden(const Profile& profile, const std::string& what, std::string hint) {
  return Error(Errc::not_allowed, fmt::format("the profile {} {}", model::in_quotes(profile.name), what),
               std::move(hint));
}

std::set<std::string> values_of(const Subject& subject, const Oid& type) {
  std::set<std::string> values;
  for (const auto& rdn : subject.rdns()) {
    for (const auto& attribute : rdn) {
      if (attribute.type == type) values.insert(attribute.value);
    }
  }
  return values;
}

void check_fixed(const Profile& profile, const Subject& subject, const Subject& fixed) {
  for (const auto& rdn : fixed.rdns()) {
    for (const auto& attribute : rdn) {
      const auto values = values_of(subject, attribute.type);
      if (values.empty() || values == values_of(fixed, attribute.type)) continue;
      throw forbidden(profile,
                      fmt::format("fixes {} to {}, and the subject has {}", attribute_name(attribute.type),
                                  model::in_quotes(attribute.value), model::in_quotes(*values.begin())),
                      fmt::format("leave {} out of the subject", attribute_name(attribute.type)));
    }
  }
}

std::vector<Oid> types_of(const Subject& subject) {
  std::vector<Oid> types;
  for (const auto& rdn : subject.rdns()) {
    for (const auto& attribute : rdn) types.push_back(attribute.type);
  }
  return types;
}

bool among(const std::vector<Oid>& types, const Oid& type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace

Subject with_fixed(const Profile& profile, const Subject& subject, const Subject& fixed) {
  check_fixed(profile, subject, fixed);
  Rdns rdns = subject.rdns();
  std::ptrdiff_t position = 0;
  for (RelativeDistinguishedName missing : fixed.rdns()) {
    const auto holds = [&missing](const RelativeDistinguishedName& rdn) {
      return std::find(rdn.begin(), rdn.end(), missing.front()) != rdn.end();
    };
    const auto there = std::find_if(rdns.begin(), rdns.end(), holds);
    if (there != rdns.end()) {
      position = there - rdns.begin() + 1;
      continue;
    }
    rdns.insert(rdns.begin() + position, std::move(missing));
    ++position;
  }
  return Subject(std::move(rdns));
}

void check_rdns(const Profile& profile, const Subject& subject) {
  const auto present = types_of(subject);
  const auto list = [](const std::optional<Sourced<std::vector<Oid>>>& types) {
    return types ? types->value : std::vector<Oid>{};
  };
  const auto required = list(profile.required_rdns);
  for (const Oid& type : required) {
    if (among(present, type)) continue;
    const std::string name = attribute_name(type);
    throw forbidden(profile, fmt::format("requires {} in the subject", name), fmt::format("--subject {}=…", name));
  }
  const auto fixed = profile.fixed_rdns ? profile.fixed_rdns->value.types() : std::vector<Oid>{};
  const auto forbidden_types = list(profile.forbidden_rdns);
  for (const Oid& type : present) {
    const bool beyond = profile.allowed_rdns && !among(profile.allowed_rdns->value, type) && !among(required, type) &&
                        !among(fixed, type);
    if (!beyond && !among(forbidden_types, type)) continue;
    const std::string name = attribute_name(type);
    throw forbidden(profile, fmt::format("forbids {} in the subject", name), fmt::format("leave {} out", name));
  }
}

void check_names(const Profile& profile, const std::vector<Sourced<std::string>>& names) {
  std::set<SanKind> present;
  for (const auto& name : names) {
    const SanKind kind = san_kind_of(name.value);
    present.insert(kind);
    if (!profile.allowed_san) continue;
    const auto& allowed = profile.allowed_san->value;
    if (std::find(allowed.begin(), allowed.end(), kind) != allowed.end()) continue;
    throw forbidden(profile, fmt::format("does not allow the name {}", model::in_quotes(name.value)),
                    fmt::format("leave out names of the kind {}", san_kind_name(kind)));
  }
  if (!profile.required_san) return;
  for (const SanAlternatives& alternatives : profile.required_san->value) {
    const bool there = std::any_of(alternatives.kinds.begin(), alternatives.kinds.end(),
                                   [&](SanKind kind) { return present.count(kind) != 0; });
    if (there) continue;
    throw forbidden(profile,
                    fmt::format("requires a subject alternative name of the kind {}", alternatives.to_string()),
                    fmt::format("--san {}:…", san_kind_name(alternatives.kinds.front())));
  }
}

}  // namespace p11csr::profile
