#include "unit/x509/lint/lint_cases.hpp"

namespace p11csr::test {
namespace {

constexpr std::string_view email_protection = "1.3.6.1.5.5.7.3.4";
constexpr std::string_view client_auth = "1.3.6.1.5.5.7.3.2";
constexpr std::string_view server_auth = "1.3.6.1.5.5.7.3.1";
constexpr std::string_view smartcard = "1.3.6.1.4.1.311.20.2.2";
constexpr std::string_view card_auth = "2.16.840.1.101.3.6.8";
constexpr std::string_view sid_oid = "1.3.6.1.4.1.311.25.2";
constexpr std::string_view fasc_n_oid = "2.16.840.1.101.3.6.6";
constexpr std::string_view uuid = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
constexpr std::string_view sid = "S-1-5-21-1-2-3-1105";

Bytes alice() { return email("alice@example.com"); }
Bytes subject_mailbox(std::string_view address) { return rdn({pair("1.2.840.113549.1.9.1", 0x16, address)}); }
Bytes smtp_utf8_mailbox() { return other("1.3.6.1.5.5.7.8.9", element(0x0c, "\xc3\xa4@example.com")); }
Change ca() { return all({constraints(true), key_usage({0, 5})}); }

Bytes sid_value(std::string_view text) { return sequence({other("1.3.6.1.4.1.311.25.2.1", element(0x04, text))}); }
Bytes sid_uri(std::string_view text) { return uri("tag:microsoft.com,2022-09-14:sid:" + std::string(text)); }
Change sid_extension(std::string_view text) { return extension(sid_oid, false, sid_value(text)); }

Bytes fasc_n(std::size_t octets) { return other(fasc_n_oid, element(0x04, Bytes(octets, 0xd4))); }

std::vector<LintCase> smartcard_logon_cases() {
  const Bytes account = upn("alice@example.com");
  return {
      {"smartcard-logon-upn", san({alice()}), san({alice(), account})},
      {"smartcard-logon-upn-repeated", san({account, upn("bob@example.com")}), san({account})},
      {"smartcard-logon-upn-form", san({upn("alice")}), san({account})},
      {"smartcard-logon-purpose", purposes({client_auth}), purposes({client_auth, smartcard})},
      {"smartcard-logon-client-auth", purposes({smartcard}), purposes({smartcard, client_auth})},
      {"smartcard-logon-digital-signature", key_usage({4}), key_usage({0, 4})},
      {"smartcard-logon-sid", without(sid_oid), all({without(sid_oid), san({account, sid_uri(sid)})})},
      {"smartcard-logon-sid-form", sid_extension("alice"), sid_extension("S-1-5-18")},
      {"smartcard-logon-sid-differs", san({account, sid_uri("S-1-5-21-1-2-3-9")}), san({account, sid_uri(sid)})},
      {"smartcard-logon-key-kind", key(ed25519_key()), key(key_on("P-384"))},
      {"smartcard-logon-key-kind", key(dsa_key(2048, 256)), key(sound_rsa_key(2048)), {"key-unknown"}},
      {"smartcard-logon-curve", key(key_on("brainpoolP256r1")), key(p256_key())},
      {"smartcard-logon-ca", ca(), constraints(false)},
  };
}

std::vector<LintCase> piv_cases() {
  return {
      {"piv-key-kind", key(sound_rsa_key(4096)), key(sound_rsa_key(3072))},
      {"piv-rsa-exponent",
       [](RequestContent& c) {
         key(sound_rsa_key(2048))(c);
         c.key.back() = 3;
       },
       key(sound_rsa_key(2048))},
      {"piv-uuid", san({fasc_n(25)}), san({fasc_n(25), uri(uuid)})},
      {"piv-uuid-form", san({fasc_n(25), uri("urn:uuid:1234")}), san({fasc_n(25), uri(uuid)})},
      {"piv-fasc-n", san({uri(uuid)}), san({fasc_n(25), uri(uuid)})},
      {"piv-fasc-n-form", san({fasc_n(24), uri(uuid)}), san({fasc_n(25), uri(uuid)})},
      {"piv-purpose", purposes({server_auth}), without("2.5.29.37")},
      {"piv-card-auth-critical", purposes({card_auth}), purposes({card_auth}, true)},
      {"piv-digital-signature",
       key_usage({7, 4}),
       key_usage({0}),
       {"piv-other-usage", "extended-key-usage-inconsistent"}},
      {"piv-other-usage", key_usage({0, 1}), key_usage({0})},
      {"piv-ca", ca(), constraints(false), {"piv-other-usage"}},
  };
}

}  // namespace

RequestContent sound_request(x509::RuleSet set) {
  RequestContent request;
  key(p256_key())(request);
  request.algorithm = algorithm("1.2.840.10045.4.3.2");
  subject({country("DE"), cn("web-01")})(request);
  if (set == x509::RuleSet::shape || set == x509::RuleSet::key) return request;
  key_usage({0})(request);
  switch (set) {
    case x509::RuleSet::shape:
    case x509::RuleSet::key:
      break;
    case x509::RuleSet::cabf_tls:
      all({subject({cn("www.example.com")}), san({dns("www.example.com")}), purposes({server_auth})})(request);
      break;
    case x509::RuleSet::cabf_codesign:
      all({subject({country("DE"), named("2.5.4.10", "Example GmbH"), cn("Example GmbH")}),
           purposes({"1.3.6.1.5.5.7.3.3"})})(request);
      break;
    case x509::RuleSet::smime:
      all({san({alice()}), purposes({email_protection})})(request);
      break;
    case x509::RuleSet::smartcard_logon:
      all({san({upn("alice@example.com")}), purposes({smartcard, client_auth}), sid_extension(sid)})(request);
      break;
    case x509::RuleSet::piv:
      all({san({fasc_n(25), uri(uuid)}), purposes({client_auth, smartcard})})(request);
      break;
  }
  return request;
}

std::vector<LintCase> smime_cases() {
  const Change rsa = key(sound_rsa_key(2048));
  return {
      {"smime-mailbox", without("2.5.29.17"), san({smtp_utf8_mailbox()})},
      {"smime-subject-mailbox", subject({subject_mailbox("bob@example.com")}),
       subject({subject_mailbox("Alice@example.com")})},
      {"smime-subject-mailbox", subject({cn("bob@example.com")}), subject({cn("alice@example.com")})},
      {"smime-subject-mailbox",
       subject({cn("b\xc3\xb6"
                   "b@example.com")}),
       subject({cn("Bob @ Example")})},
      {"smime-subject-mailbox", san({alice(), directory({cn("bob@example.com")})}),
       san({alice(), directory({cn("alice@example.com")})})},
      {"smime-subject-mailbox", all({subject({subject_mailbox("bob@example.com")}), san({smtp_utf8_mailbox()})}),
       all({subject({cn("\xc3\xa4@example.com")}), san({smtp_utf8_mailbox()})})},
      {"smime-name-kind", san({alice(), dns("mail.example.com")}), san({alice(), upn("alice@example.com")})},
      {"smime-purpose", purposes({client_auth}), purposes({client_auth, email_protection})},
      {"smime-other-purpose", purposes({email_protection, server_auth}), purposes({email_protection, client_auth})},
      {"smime-key-usage", key_usage({1}), key_usage({4})},
      {"smime-other-usage", key_usage({0, 2}), key_usage({0, 4, 7}), {"key-usage-ec"}},
      {"smime-other-usage", key_usage({2}), key_usage({4}), {"key-usage-ec"}},
      {"smime-other-usage", all({rsa, key_usage({0, 4})}), all({rsa, key_usage({0, 2, 3})}), {"key-usage-rsa"}},
      {"smime-other-usage",
       all({key(ed25519_key()), key_usage({0, 4})}),
       all({key(ed25519_key()), key_usage({0, 1})}),
       {"key-usage-edwards"}},
      {"smime-cert-sign", key_usage({0, 6}), key_usage({0, 1})},
      {"smime-key-kind", key(dsa_key(2048, 256)), key(ed25519_key()), {"key-unknown"}},
      {"smime-key-kind", key(x25519_key()), key(lattice_key()), {"key-unknown"}},
      {"smime-key-kind", all({key(pss_key()), signed_with(pss_algorithm("2.16.840.1.101.3.4.2.1", 32))}), rsa},
      {"smime-signature",
       signed_with(algorithm("2.16.840.1.101.3.4.3.2")),
       all({key(lattice_key()), signed_with(algorithm("2.16.840.1.101.3.4.3.17"))}),
       {"key-unknown", "signature-key-mismatch"}},
      {"smime-rsa-size", key(sound_rsa_key(1024)), rsa, {"key-rsa-modulus-size"}},
      {"smime-curve", key(key_on("secp256k1")), key(key_on("P-384"))},
      {"smime-ca", ca(), constraints(false), {"smime-cert-sign"}},
  };
}

std::vector<LintCase> logon_cases() {
  std::vector<LintCase> cases = smartcard_logon_cases();
  const std::vector<LintCase> piv = piv_cases();
  cases.insert(cases.end(), piv.begin(), piv.end());
  return cases;
}

}  // namespace p11csr::test
