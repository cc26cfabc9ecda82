#include "unit/x509/lint/lint_cases.hpp"

namespace p11csr::test {
namespace {

const Bytes null = {0x05, 0x00};

/// twice adds an extension without taking the one of the same OID out.
Change twice(std::string_view dotted) {
  return [dotted](RequestContent& c) {
    for (int i = 0; i < 2; ++i) c.extensions.push_back({std::string(dotted), false, null});
  };
}

Change ca() { return all({constraints(true), key_usage({5, 6})}); }

}  // namespace

std::vector<LintCase> extension_cases() {
  const Change identifier = extension("2.5.29.14", false, element(0x04, "12345678901234567890"));
  const Change name_constraints = extension("2.5.29.30", true, sequence({}));
  return {
      {"extension-repeated", twice("1.2.3.4"),
       all({extension("1.2.3.4", false, null), extension("1.2.3.5", false, null)})},
      {"extension-malformed", extension("2.5.29.37", false, null), extension("1.2.3.4", false, null)},
      {"extension-critical-unknown", extension("1.2.3.4", true, null), extension("1.2.3.4", false, null)},
      {"extension-critical", extension("2.5.29.14", true, element(0x04, "1")), identifier},
      {"extension-not-critical", all({ca(), extension("2.5.29.30", false, sequence({}))}),
       all({ca(), name_constraints})},
      {"extension-ca-only", name_constraints, all({ca(), name_constraints})},
      {"extension-issuer-only", extension("2.5.29.31", false, sequence({})), identifier},
      {"extension-policies", extension("2.5.29.32", false, sequence({sequence({oid("1.2.3.4")})})), identifier},
      {"extension-transparency", extension("1.3.6.1.4.1.11129.2.4.3", true, null),
       extension("1.3.6.1.5.5.7.1.24", false, sequence({integer({5})}))},
      {"extension-netscape", extension("2.16.840.1.113730.1.13", false, element(0x16, "a comment")), identifier},
      {"basic-constraints-not-critical", all({constraints(true, {}, false), key_usage({5})}),
       constraints(false, {}, false)},
      {"path-length-without-ca", constraints(false, {0}), all({constraints(true, {0}), key_usage({5})})},
      {"path-length-negative", all({constraints(true, {0xff}), key_usage({5})}),
       all({constraints(true, {0}), key_usage({5})})},
  };
}

}  // namespace p11csr::test
