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

/// An extensionRequest whose extension says critical FALSE.
Change attribute_with_critical_false() {
  const Bytes extension = sequence({oid("1.2.3.4"), hex("010100"), element(0x04, null)});
  return add_attribute(attribute("1.2.840.113549.1.9.14", {sequence({extension})}));
}

Change ca() { return all({constraints(true), key_usage({5, 6})}); }

std::vector<LintCase> other_extension_cases() {
  const Change identifier = extension("2.5.29.14", false, element(0x04, "12345678901234567890"));
  const Change name_constraints = extension("2.5.29.30", true, sequence({}));
  return {
      {"extension-repeated", twice("1.2.3.4"),
       all({extension("1.2.3.4", false, null), extension("1.2.3.5", false, null)})},
      {"extension-malformed", extension("2.5.29.37", false, null), extension("1.2.3.4", false, null)},
      {"extension-default-encoded", attribute_with_critical_false(), extension("1.2.3.4", false, null)},
      {"extension-default-encoded", extension("2.5.29.19", true, sequence({hex("010100")})), constraints(false)},
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

/// Extensions whose value may be of one type only, each with one that is of it and one that is not.
std::vector<LintCase> syntax_cases() {
  struct Syntax {
    std::string_view oid;
    bool critical;
    Bytes wrong;
    Bytes right;
  };
  const Bytes name = sequence({dns("ca.example.com")});
  const Bytes access = sequence({sequence({oid("1.3.6.1.5.5.7.48.1"), uri("http://ocsp.example.com")})});
  const Bytes points = sequence({sequence({element(0xa0, element(0xa0, uri("http://crl.example.com")))})});
  const Bytes sid = other("1.3.6.1.4.1.311.25.2.1", element(0x04, "S-1-5-18"));
  const std::vector<Syntax> table = {
      {"2.5.29.14", false, integer({1}), element(0x04, "1")},
      {"2.5.29.18", false, sequence({integer({1})}), name},
      {"2.5.29.30", true, sequence({integer({1})}), sequence({element(0xa0, sequence({dns("example.com")}))})},
      {"2.5.29.31", false, sequence({integer({1})}), points},
      {"2.5.29.32", false, sequence({oid("1.2.3.4")}), sequence({sequence({oid("1.2.3.4")})})},
      {"2.5.29.33", false, sequence({oid("1.2.3.4")}), sequence({sequence({oid("1.2.3.4"), oid("1.2.3.5")})})},
      {"2.5.29.35", false, element(0x04, "1"), sequence({element(0x80, "1")})},
      {"2.5.29.36", true, integer({1}), sequence({element(0x80, Bytes{0})})},
      {"2.5.29.46", false, sequence({null}), points},
      {"2.5.29.54", true, sequence({}), integer({1})},
      {"1.3.6.1.5.5.7.1.1", false, sequence({oid("1.3.6.1.5.5.7.48.1")}), access},
      {"1.3.6.1.5.5.7.1.11", false, name, access},
      {"1.3.6.1.5.5.7.48.1.5", false, element(0x04, "1"), null},
      {"1.3.6.1.4.1.311.20.2", false, element(0x02, Bytes{1}), element(0x13, "ZATCA-Code-Signing")},
      {"1.3.6.1.4.1.311.20.2", false, element(0x1e, Bytes{'W'}), element(0x1e, Bytes{0, 'W', 0, 'e'})},
      {"1.3.6.1.4.1.311.21.7", false, oid("1.2.3"), sequence({oid("1.2.3"), integer({100}), integer({1})})},
      {"1.3.6.1.4.1.311.21.7", false, sequence({oid("1.2.3"), null}), sequence({oid("1.2.3")})},
      {"1.3.6.1.4.1.311.25.2", false, element(0x04, "S-1-5-18"), sequence({sid})},
      {"1.3.6.1.4.1.311.25.2", false, sequence({other("1.3.6.1.4.1.311.25.2.1", element(0x0c, "S-1-5-18"))}),
       sequence({sid})},
      {"2.5.29.17", false, sequence({element(0x88, Bytes{0x80})}), sequence({element(0x88, hex("2a0304"))})},
  };
  std::vector<LintCase> cases;
  for (const Syntax& one : table) {
    cases.push_back({"extension-malformed",
                     all({ca(), extension(one.oid, one.critical, one.wrong)}),
                     all({ca(), extension(one.oid, one.critical, one.right)}),
                     {"extension-issuer-only", "extension-policies"}});
  }
  return cases;
}

}  // namespace

std::vector<LintCase> extension_cases() {
  std::vector<LintCase> cases = syntax_cases();
  const std::vector<LintCase> others = other_extension_cases();
  cases.insert(cases.end(), others.begin(), others.end());
  return cases;
}

}  // namespace p11csr::test
