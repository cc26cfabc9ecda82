#include "unit/x509/lint/lint_cases.hpp"

namespace p11csr::test {
namespace {

constexpr std::string_view challenge = "1.2.840.113549.1.9.7";
constexpr std::string_view unstructured = "1.2.840.113549.1.9.2";
constexpr std::string_view carrier = "1.2.840.113549.1.9.14";
const Bytes null = {0x05, 0x00};

Bytes extensions() { return sequence({sequence({oid("1.2.3.4"), element(0x04, null)})}); }
Change nothing() {
  return [](RequestContent&) {};
}
Change attribute_of(std::string_view type, const std::vector<Bytes>& values) {
  return add_attribute(attribute(type, values));
}
Bytes text(std::size_t length) { return element(0x0c, std::string(length, 'x')); }

constexpr std::string_view sha256 = "2.16.840.1.101.3.4.2.1";

Change rsa_signed(const Bytes& identifier) { return all({key(sound_rsa_key(2048)), signed_with(identifier)}); }

}  // namespace

std::vector<LintCase> request_cases() {
  return {
      {"request-version", [](RequestContent& c) { c.version = {1}; }, nothing()},
      {"request-attributes-absent", [](RequestContent& c) { c.with_attributes = false; }, nothing()},
      {"request-attributes-order", all({attribute_of(challenge, {text(8)}), attribute_of(unstructured, {text(8)})}),
       all({attribute_of(unstructured, {text(8)}), attribute_of(challenge, {text(8)})})},
      {"request-attribute-repeated",
       all({attribute_of(unstructured, {text(1)}), attribute_of(unstructured, {text(2)})}),
       attribute_of(unstructured, {text(1), text(2)})},
      {"request-attribute-empty", attribute_of(unstructured, {}), attribute_of(unstructured, {text(1)})},
      {"request-attribute-empty", attribute_of("1.2.3.4", {}), attribute_of("1.2.3.4", {null})},
      {"extension-request-repeated",
       all({attribute_of(carrier, {extensions()}), attribute_of(carrier, {extensions()})}),
       attribute_of(carrier, {extensions()})},
      {"extension-request-values", attribute_of(carrier, {extensions(), extensions()}),
       attribute_of(carrier, {extensions()})},
      {"extension-request-malformed", attribute_of(carrier, {sequence({null})}), attribute_of(carrier, {extensions()})},
      {"extension-request-empty", attribute_of(carrier, {sequence({})}), attribute_of(carrier, {extensions()})},
      {"extension-request-microsoft", attribute_of("1.3.6.1.4.1.311.2.1.14", {extensions()}),
       attribute_of(carrier, {extensions()})},
      {"challenge-password-form", attribute_of(challenge, {element(0x16, "secret")}),
       attribute_of(challenge, {element(0x13, "secret")})},
      {"challenge-password-length", attribute_of(challenge, {text(256)}), attribute_of(challenge, {text(255)})},
      {"unstructured-name-form", attribute_of(unstructured, {text(256)}),
       attribute_of(unstructured, {element(0x16, "web@01")})},
      {"request-signature", all({really_signed(), subject({cn("web-02")})}), really_signed()},
      {"request-signature-unverified", all({really_signed(), signed_with(algorithm("1.2.3.4"))}), really_signed()},
      {"signature-digest-weak", rsa_signed(algorithm("1.2.840.113549.1.1.5", {null})),
       rsa_signed(algorithm("1.2.840.113549.1.1.11", {null}))},
      {"signature-parameters", signed_with(algorithm("1.2.840.10045.4.3.2", {null})),
       rsa_signed(algorithm("1.2.840.113549.1.1.13", {null}))},
      {"signature-pss-parameters", rsa_signed(pss_algorithm(sha256, 20)), rsa_signed(pss_algorithm(sha256, 32))},
      {"signature-key-mismatch", signed_with(algorithm("1.2.840.113549.1.1.11", {null})),
       signed_with(algorithm("1.2.840.10045.4.3.4"))},
      {"signature-digest-short", all({key(key_on("P-384")), signed_with(algorithm("1.2.840.10045.4.3.2"))}),
       all({key(key_on("P-521")), signed_with(algorithm("1.2.840.10045.4.3.4"))})},
  };
}

}  // namespace p11csr::test
