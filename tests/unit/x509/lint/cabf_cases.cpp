#include "unit/x509/lint/lint_cases.hpp"

namespace p11csr::test {
namespace {

constexpr std::string_view server_auth = "1.3.6.1.5.5.7.3.1";
constexpr std::string_view client_auth = "1.3.6.1.5.5.7.3.2";
constexpr std::string_view code_signing = "1.3.6.1.5.5.7.3.3";
constexpr std::string_view organization = "2.5.4.10";
constexpr std::string_view unit = "2.5.4.11";

/// www adds names to the one that the subject has.
Change www(std::vector<Bytes> names) {
  names.insert(names.begin(), dns("www.example.com"));
  return san(names);
}
Change signer(const std::vector<Bytes>& rdns) { return subject(rdns); }
Bytes company() { return named(organization, "Example GmbH"); }
Change pss_signed() { return all({key(pss_key()), signed_with(pss_algorithm("2.16.840.1.101.3.4.2.1", 32))}); }
const Bytes sha256_with_dsa = algorithm("2.16.840.1.101.3.4.3.2");
const Bytes ml_dsa_44 = algorithm("2.16.840.1.101.3.4.3.17");
Change ca() { return all({constraints(true), key_usage({0, 5})}); }

std::vector<LintCase> tls_name_cases() {
  const Bytes ipv6 = hex("20014860000000000000000000008888");
  const std::string onion_v3 = std::string(55, 'a') + "d.onion";
  return {
      {"cabf-tls-san-missing", without("2.5.29.17"), www({})},
      {"cabf-tls-san-kind", www({email("alice@example.com")}), www({ip({8, 8, 8, 8})})},
      {"cabf-tls-common-name-not-in-san", san({dns("web.example.com")}), www({dns("web.example.com")})},
      {"cabf-tls-common-name-spelling", san({dns("WWW.example.com")}), www({})},
      {"cabf-tls-common-name-spelling", all({subject({cn("2001:4860:0:0::8888")}), san({ip(ipv6)})}),
       all({subject({cn("2001:4860::8888")}), san({ip(ipv6)})})},
      {"cabf-tls-common-name-not-in-san", all({subject({cn("8.8.8.8")}), san({dns("www.example.com")})}),
       all({subject({cn("8.8.8.8")}), san({ip({8, 8, 8, 8})})})},
      {"cabf-tls-common-name-repeated",
       all({subject({cn("www.example.com"), cn("a.example.com")}), www({dns("a.example.com")})}),
       subject({cn("www.example.com")})},
      {"cabf-tls-internal-name", www({dns("printer.local")}), www({dns("local.example.com")})},
      {"cabf-tls-reserved-address", www({ip({172, 31, 255, 255})}), www({ip({172, 32, 0, 0})})},
      {"cabf-tls-reserved-address", www({ip({192, 88, 99, 1})}), www({ip({192, 88, 98, 1})})},
      {"cabf-tls-reserved-address", www({ip({192, 31, 196, 1})}), www({ip({192, 31, 197, 1})})},
      {"cabf-tls-reserved-address", www({ip({192, 52, 193, 1})}), www({ip({192, 52, 192, 1})})},
      {"cabf-tls-reserved-address", www({ip({192, 175, 48, 255})}), www({ip({192, 175, 49, 0})})},
      {"cabf-tls-reserved-address", www({ip(hex("2620004f8000000000000000000000ff"))}),
       www({ip(hex("2620004f800100000000000000000001"))})},
      {"cabf-tls-reserved-address", www({ip(hex("0064ff9b000000000000000000000808"))}),
       www({ip(hex("20010200000000000000000000000001"))})},
      {"cabf-tls-underscore", www({dns("_sip.example.com")}), www({dns("sip.example.com")})},
      {"cabf-tls-wildcard-suffix", www({dns("*.co.uk")}), www({dns("*.example.co.uk")})},
      {"cabf-tls-onion", www({dns("expyuzz4wqqyqhjn.onion")}), www({dns(onion_v3)})},
  };
}

}  // namespace

std::vector<LintCase> cabf_tls_cases() {
  const Change rsa = key(sound_rsa_key(2048));
  const auto host = cn("www.example.com");
  std::vector<LintCase> cases = tls_name_cases();
  const std::vector<LintCase> others = {
      {"cabf-tls-key-kind", key(ed25519_key()), rsa, {"cabf-tls-signature"}},
      {"cabf-tls-key-kind", key(dsa_key(2048, 256)), key(key_on("P-384")), {"key-unknown"}},
      {"cabf-tls-key-kind", key(x25519_key()), key(p256_key()), {"key-unknown"}},
      {"cabf-tls-key-kind", key(lattice_key()), rsa, {"cabf-tls-signature"}},
      {"cabf-tls-key-kind", pss_signed(), rsa},
      {"cabf-tls-signature",
       signed_with(ml_dsa_44),
       all({rsa, signed_with(pss_algorithm("2.16.840.1.101.3.4.2.1", 32))}),
       {"signature-key-mismatch"}},
      {"cabf-tls-rsa-size", key(sound_rsa_key(1024)), rsa, {"key-rsa-modulus-size"}},
      {"cabf-tls-rsa-octets", key(sound_rsa_key(2050)), rsa, {"key-rsa-modulus-octets"}},
      {"cabf-tls-curve", key(key_on("secp256k1")), key(key_on("P-384"))},
      {"cabf-tls-server-auth", purposes({client_auth}), without("2.5.29.37")},
      {"cabf-tls-other-purpose", purposes({server_auth, code_signing}), purposes({server_auth, client_auth})},
      {"cabf-tls-key-usage", key_usage({0, 1}), all({rsa, key_usage({0, 2})})},
      {"cabf-tls-key-usage", all({rsa, key_usage({0, 4})}), all({rsa, key_usage({0})}), {"key-usage-rsa"}},
      {"cabf-tls-key-usage", key_usage({0, 3}), key_usage({0}), {"key-usage-ec"}},
      {"cabf-tls-key-usage-required", key_usage({4}), key_usage({0}), {"cabf-tls-key-usage-discouraged"}},
      {"cabf-tls-key-usage-required",
       all({rsa, key_usage({3})}),
       all({rsa, key_usage({2})}),
       {"cabf-tls-key-usage-discouraged", "extended-key-usage-inconsistent"}},
      {"cabf-tls-key-usage-discouraged", key_usage({0, 4}), key_usage({0})},
      {"cabf-tls-key-usage-discouraged", all({rsa, key_usage({0, 2, 3})}), all({rsa, key_usage({0, 2})})},
      {"cabf-tls-ca", ca(), constraints(false)},
      {"cabf-tls-organizational-unit", subject({host, named(unit, "IT")}), subject({host})},
      {"cabf-tls-email-address", subject({host, rdn({pair("1.2.840.113549.1.9.1", 0x16, "a@example.com")})}),
       subject({host})},
      {"cabf-tls-organization-country", subject({company(), named("2.5.4.7", "Berlin"), host}),
       subject({country("DE"), company(), named("2.5.4.7", "Berlin"), host})},
      {"cabf-tls-organization-place", subject({country("DE"), company(), host}),
       subject({country("DE"), company(), named("2.5.4.8", "Bayern"), host})},
      {"cabf-tls-metadata", subject({named("2.5.4.7", "-"), host}), subject({named("2.5.4.7", "A-"), host})},
  };
  cases.insert(cases.end(), others.begin(), others.end());
  return cases;
}

std::vector<LintCase> cabf_codesign_cases() {
  const Change sound = signer({country("DE"), company(), cn("Example GmbH")});
  return {
      {"cabf-codesign-rsa-size", key(sound_rsa_key(2048)), key(sound_rsa_key(3072))},
      {"cabf-codesign-curve", key(key_on("brainpoolP256r1")), key(key_on("P-384"))},
      {"cabf-codesign-key-kind", key(ed25519_key()), key(p256_key()), {"cabf-codesign-signature"}},
      {"cabf-codesign-key-kind", key(dsa_key(1024, 160)), key(dsa_key(2048, 256)), {"key-unknown"}},
      {"cabf-codesign-key-kind", key(lattice_key()), key(key_on("P-384")), {"cabf-codesign-signature"}},
      {"cabf-codesign-key-kind", pss_signed(), key(sound_rsa_key(3072))},
      {"cabf-codesign-signature",
       signed_with(ml_dsa_44),
       all({key(dsa_key(2048, 224)), signed_with(sha256_with_dsa)}),
       {"key-unknown", "signature-key-mismatch"}},
      {"cabf-codesign-purpose", purposes({client_auth}), purposes({code_signing, client_auth})},
      {"cabf-codesign-other-purpose", purposes({code_signing, server_auth}), purposes({code_signing})},
      {"cabf-codesign-digital-signature",
       all({key_usage({1}), purposes({code_signing})}),
       without("2.5.29.15"),
       {"extended-key-usage-inconsistent"}},
      {"cabf-codesign-cert-sign", key_usage({0, 6}), key_usage({0})},
      {"cabf-codesign-ca",
       all({constraints(true), key_usage({0, 5})}),
       constraints(false),
       {"cabf-codesign-cert-sign"}},
      {"cabf-codesign-common-name", signer({country("DE"), company()}), sound},
      {"cabf-codesign-organization", signer({country("DE"), cn("Example GmbH")}), sound},
      {"cabf-codesign-country", signer({company(), cn("Example GmbH")}), sound},
      {"cabf-codesign-organizational-unit", signer({country("DE"), company(), named(unit, "IT"), cn("Example GmbH")}),
       sound},
  };
}

}  // namespace p11csr::test
