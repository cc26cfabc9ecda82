#include "unit/x509/lint/lint_cases.hpp"

namespace p11csr::test {
namespace {

constexpr std::string_view common_name = "2.5.4.3";
constexpr std::string_view organization = "2.5.4.10";
constexpr std::string_view serial_number = "2.5.4.5";
constexpr std::string_view domain_component = "0.9.2342.19200300.100.1.25";

Bytes typed(std::string_view type, std::uint8_t tag, std::string_view value) { return rdn({pair(type, tag, value)}); }
Bytes with_name(const std::vector<Bytes>& pairs) { return rdn(pairs); }

std::vector<LintCase> cases_of_the_subject() {
  const Change web = subject({cn("web-01")});
  return {
      {"subject-empty", subject({}), all({subject({}), san({dns("a.example")}, true)})},
      {"subject-empty-san-not-critical", all({subject({}), san({dns("a.example")})}),
       all({web, san({dns("a.example")})})},
      {"subject-rdn-empty", subject({cn("web-01"), rdn({})}), web},
      {"subject-rdn-order", subject({with_name({pair(organization, 0x0c, "b"), pair(common_name, 0x0c, "a")})}),
       subject({with_name({pair(common_name, 0x0c, "a"), pair(organization, 0x0c, "b")})})},
      {"subject-rdn-type-repeated", subject({with_name({pair(common_name, 0x0c, "a"), pair(common_name, 0x0c, "b")})}),
       subject({cn("a"), cn("b")})},
      {"subject-attribute-repeated", subject({cn("a"), named(organization, "x"), cn("a")}),
       subject({cn("a"), named(organization, "a")})},
      {"subject-value-empty", subject({cn("web-01"), named(organization, "")}), web},
      {"subject-value-length", subject({cn(std::string(65, 'x'))}), subject({cn(std::string(64, 'x'))})},
      {"subject-control-character", subject({cn("web\n01")}), subject({cn("web\xc3\xbc 01")})},
      {"subject-invisible-character", subject({cn("web\u202e10")}), subject({cn("\u0645\u06cc\u200c\u062e")})},
      {"subject-invisible-character", subject({cn("web\u200b01")}), web},
      {"subject-invisible-character", subject({cn("web\u200d01")}), web},
      {"subject-invisible-character", subject({cn("\ufeffweb-01")}), web},
      {"subject-whitespace", subject({cn("web-01 ")}), subject({cn("web 01")})},
      {"subject-not-a-string", subject({typed(common_name, 0x04, "web-01")}), subject({typed("1.2.3.4", 0x04, "web")})},
      {"subject-string-type", subject({typed(common_name, 0x14, "web-01")}),
       subject({typed(common_name, 0x13, "web-01")})},
      {"subject-string-octets", subject({typed(common_name, 0x13, "web_01")}), subject({cn("web_01")})},
      {"subject-country-string-type", subject({typed("2.5.4.6", 0x0c, "DE")}), subject({country("DE")})},
      {"subject-country-letters", subject({country("de")}), subject({country("AT")})},
      {"subject-printable-string", subject({typed(serial_number, 0x0c, "123")}),
       subject({typed(serial_number, 0x13, "123")})},
      {"subject-ia5-string", subject({typed(domain_component, 0x13, "example")}),
       subject({typed(domain_component, 0x16, "example")})},
  };
}

std::vector<LintCase> cases_of_directory_names() {
  const auto with = [](const std::vector<Bytes>& rdns) { return san({directory(rdns)}); };
  const Change sound = with({country("DE"), cn("web-01")});
  return {
      {"subject-rdn-empty", with({cn("web-01"), rdn({})}), sound},
      {"subject-rdn-order", with({with_name({pair(organization, 0x0c, "b"), pair(common_name, 0x0c, "a")})}), sound},
      {"subject-rdn-type-repeated", with({with_name({pair(common_name, 0x0c, "a"), pair(common_name, 0x0c, "b")})}),
       sound},
      {"subject-attribute-repeated", with({cn("a"), cn("a")}), with({country("DE"), cn("a")})},
      {"subject-value-empty", with({cn("")}), sound},
      {"subject-value-length", with({cn(std::string(65, 'x'))}), sound},
      {"subject-control-character", with({cn("web\n01")}), sound},
      {"subject-invisible-character", with({cn("web\u202e10")}), sound},
      {"subject-whitespace", with({cn("web-01 ")}), sound},
      {"subject-not-a-string", with({typed(common_name, 0x04, "web-01")}), sound},
      {"subject-string-type", with({typed(common_name, 0x14, "web-01")}), sound},
      {"subject-string-octets", with({typed(common_name, 0x13, "web_01")}), sound},
      {"subject-country-string-type", with({typed("2.5.4.6", 0x0c, "DE")}), sound},
      {"subject-country-letters", with({country("XYZ")}), sound},
      {"subject-printable-string", with({typed(serial_number, 0x0c, "123")}), sound},
      {"subject-ia5-string", with({typed(domain_component, 0x13, "example")}), sound},
      {"extension-malformed", san({element(0xa4, sequence({integer({1})}))}), sound},
  };
}

}  // namespace

std::vector<LintCase> subject_cases() {
  std::vector<LintCase> cases = cases_of_the_subject();
  const std::vector<LintCase> others = cases_of_directory_names();
  cases.insert(cases.end(), others.begin(), others.end());
  return cases;
}

}  // namespace p11csr::test
