#include "unit/x509/lint/lint_cases.hpp"

namespace p11csr::test {

std::vector<LintCase> name_cases() {
  const Change host = san({dns("www.example.com")});
  const Change mailbox = san({email("alice@example.com")});
  return {
      {"san-empty", san({}), host},
      {"san-name-empty", san({dns("www.example.com"), email("")}), host},
      {"san-name-repeated", san({dns("a.example"), dns("a.example")}), san({dns("a.example"), dns("b.example")})},
      {"san-email-form", san({email("Alice <alice@example.com>")}), mailbox},
      {"san-uri-form", san({uri("www.example.com/x")}), san({uri("https://www.example.com/x")})},
      {"san-ip-length", san({ip({192, 0, 2, 1, 255, 255, 255, 0})}), san({ip({192, 0, 2, 1})})},
      {"san-ip-unspecified", san({ip({0, 0, 0, 0})}), san({ip(Bytes(16, 1))})},
      {"san-kind-obsolete", san({element(0xa5, element(0xa1, element(0x0c, "party")))}),
       san({element(0x88, hex("2a0304"))})},
      {"san-dns-ascii", san({dns("m\xc3\xbcnchen.example")}), san({dns("xn--mnchen-3ya.example")})},
      {"san-dns-character", san({dns("www.example.com:443")}), san({dns("_sip.example.com")})},
      {"san-dns-empty-label", san({dns(".example.com")}), san({dns("example.com")})},
      {"san-dns-length", san({dns(std::string(64, 'a') + ".example")}), san({dns(std::string(63, 'a') + ".example")})},
      {"san-dns-hyphen", san({dns("-www.example.com")}), san({dns("w-w.example.com")})},
      {"san-dns-wildcard", san({dns("w*.example.com")}), san({dns("*.example.com")})},
      {"san-dns-a-label", san({dns("xn--99999999999.example")}), san({dns("xn--bcher-kva.example")})},
      {"san-dns-reserved-label", san({dns("ab--cd.example")}), san({dns("a--bcd.example")})},
      {"san-dns-number", san({dns("host.123")}), san({dns("123.example")})},
      {"san-dns-number", san({dns("host.0x1F")}), san({dns("host.x1f")})},
      {"san-dns-address", san({dns("192.0.2.1")}), san({dns("192.0.2.1.example")})},
  };
}

}  // namespace p11csr::test
