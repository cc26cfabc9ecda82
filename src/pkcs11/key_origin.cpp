#include <fmt/format.h>

#include <p11csr/pkcs11/key_origin.hpp>

#include "pkcs11/mechanisms.hpp"

namespace p11csr {
namespace {

void expect(std::vector<std::string>& findings, const char* name, std::optional<bool> value, bool wanted) {
  if (!value)
    findings.push_back(fmt::format("{} cannot be read", name));
  else if (*value != wanted)
    findings.push_back(fmt::format("{} is {}", name, *value));
}

// A key may have come from any mechanism that makes such pairs, a vendor's own included.
bool makes_such_keys(std::uint64_t mechanism, const KeySpec& kind) {
  if (mechanism >= CKM_VENDOR_DEFINED) return mechanism != CK_UNAVAILABLE_INFORMATION;
  if (mechanism == pkcs11::generation_mechanism(kind)) return true;
  if (std::holds_alternative<RsaKey>(kind)) return mechanism == CKM_RSA_X9_31_KEY_PAIR_GEN;
  if (std::holds_alternative<MlDsaKey>(kind)) return false;
  // Some tokens make Edwards keys with the mechanism for Weierstrass curves.
  return mechanism == CKM_EC_KEY_PAIR_GEN;
}

std::vector<std::string> findings_of_generation(const KeyOrigin& origin, const KeySpec& kind) {
  std::vector<std::string> findings;
  expect(findings, "CKA_LOCAL", origin.local, true);
  if (!origin.mechanism)
    findings.emplace_back("CKA_KEY_GEN_MECHANISM cannot be read");
  else if (!makes_such_keys(*origin.mechanism, kind))
    findings.push_back(fmt::format("CKA_KEY_GEN_MECHANISM is {}", origin.mechanism_name()));
  return findings;
}

}  // namespace

std::string KeyOrigin::mechanism_name() const {
  if (!mechanism) return {};
  if (*mechanism == CK_UNAVAILABLE_INFORMATION) return "CK_UNAVAILABLE_INFORMATION";
  return pkcs11::mechanism_name(*mechanism);
}

OriginVerdict judge_origin(const KeyOrigin& origin, const KeySpec& kind, WhoGenerated generated) {
  OriginVerdict verdict;
  expect(verdict.findings, "CKA_TOKEN", origin.token, true);
  expect(verdict.findings, "CKA_PRIVATE", origin.private_object, true);
  expect(verdict.findings, "CKA_SENSITIVE", origin.sensitive, true);
  expect(verdict.findings, "CKA_ALWAYS_SENSITIVE", origin.always_sensitive, true);
  expect(verdict.findings, "CKA_EXTRACTABLE", origin.extractable, false);
  expect(verdict.findings, "CKA_NEVER_EXTRACTABLE", origin.never_extractable, true);
  expect(verdict.findings, "CKA_SIGN", origin.sign, true);
  auto generation = findings_of_generation(origin, kind);
  auto& where = generated == WhoGenerated::this_run ? verdict.warnings : verdict.findings;
  where.insert(where.end(), generation.begin(), generation.end());
  return verdict;
}

}  // namespace p11csr
