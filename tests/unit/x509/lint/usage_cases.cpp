#include "unit/x509/lint/lint_cases.hpp"

namespace p11csr::test {
namespace {

constexpr std::string_view server_auth = "1.3.6.1.5.5.7.3.1";
constexpr std::string_view client_auth = "1.3.6.1.5.5.7.3.2";
constexpr std::string_view any_purpose = "2.5.29.37.0";

Change raw_usage(std::string_view bit_string) { return extension("2.5.29.15", true, hex(bit_string)); }

}  // namespace

std::vector<LintCase> usage_cases() {
  const Change rsa = key(sound_rsa_key(2048));
  return {
      {"key-usage-empty", raw_usage("030100"), raw_usage("03020780")},
      {"key-usage-not-critical", key_usage({0}, false), key_usage({0})},
      {"key-usage-undefined-bit", key_usage({0, 9}), key_usage({0, 4, 8})},
      {"key-usage-trailing-zeros", raw_usage("03020680"), raw_usage("03020780")},
      {"key-usage-only-without-agreement", key_usage({0, 7}), key_usage({4, 7})},
      {"key-usage-cert-sign-without-ca", key_usage({0, 5}), all({constraints(true), key_usage({0, 5})})},
      {"ca-without-cert-sign", all({constraints(true), key_usage({0, 6})}),
       all({constraints(true), key_usage({5, 6})})},
      {"ca-without-key-usage", constraints(true), constraints(false)},
      {"key-usage-rsa", all({rsa, key_usage({0, 4})}), all({rsa, key_usage({0, 2, 3})})},
      {"key-usage-ec", key_usage({0, 2}), key_usage({0, 4})},
      {"key-usage-edwards", all({key(ed25519_key()), key_usage({0, 4})}), all({key(ed25519_key()), key_usage({0, 1})})},
      {"key-usage-ml-dsa", all({key(lattice_key()), key_usage({0, 2})}), all({key(lattice_key()), key_usage({0, 1})})},
      {"extended-key-usage-empty", purposes({}), purposes({server_auth})},
      {"extended-key-usage-repeated", purposes({server_auth, server_auth}), purposes({server_auth, client_auth})},
      {"extended-key-usage-any-critical", purposes({any_purpose}, true), purposes({any_purpose})},
      {"extended-key-usage-any-with-others", purposes({any_purpose, server_auth}), purposes({any_purpose})},
      {"extended-key-usage-inconsistent", all({purposes({"1.3.6.1.5.5.7.3.3"}), key_usage({1})}),
       all({purposes({"1.3.6.1.5.5.7.3.4"}), key_usage({1})})},
  };
}

}  // namespace p11csr::test
