#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include <p11csr/x509/lint.hpp>

#include "unit/crypto/error_of.hpp"
#include "unit/x509/lint/lint_cases.hpp"
#include "unit/x509/vectors.hpp"

namespace p11csr::x509 {
namespace {

using test::Change;
using test::error_of;
using test::LintCase;
using test::RequestContent;
using Ids = std::set<std::string>;

std::vector<LintCase> all_cases() {
  std::vector<LintCase> result;
  for (const auto group :
       {test::request_cases, test::subject_cases, test::name_cases, test::extension_cases, test::usage_cases,
        test::key_cases, test::cabf_tls_cases, test::cabf_codesign_cases, test::smime_cases, test::logon_cases}) {
    for (LintCase& one : group()) result.push_back(std::move(one));
  }
  return result;
}

Ids ids_of(const std::vector<LintFinding>& findings) {
  Ids ids;
  for (const LintFinding& finding : findings) ids.emplace(finding.rule->id);
  return ids;
}

/// A request that is none of the signature's cases is not signed: its key may be one that nobody has.
Ids found_in(RuleSet set, const Change& change, std::vector<std::string> ignored) {
  RequestContent content = test::sound_request(set);
  change(content);
  if (!content.signature) ignored.insert(ignored.end(), {"request-signature", "request-signature-unverified"});
  return ids_of(lint(LintInput::of_request(content.der()), {{set}, ignored}));
}

constexpr std::array every_set = {
    RuleSet::shape,           RuleSet::key, RuleSet::cabf_tls, RuleSet::cabf_codesign, RuleSet::smime,
    RuleSet::smartcard_logon, RuleSet::piv};

TEST(LintRulesTest, SayNothingAboutASoundRequest) {
  for (const RuleSet set : every_set) {
    EXPECT_EQ(found_in(set, [](RequestContent&) {}, {}), Ids()) << rule_set_name(set);
  }
}
TEST(LintRulesTest, AreEachBrokenByRequestsThatBreakNoOther) {
  const auto cases = all_cases();
  for (const LintRule& rule : lint_rules()) {
    std::size_t count = 0;
    for (const LintCase& one : cases) {
      if (one.id != rule.id) continue;
      ++count;
      EXPECT_EQ(found_in(rule.set, one.breaks, one.ignored), Ids{std::string(rule.id)})
          << rule.id << ", case " << count;
    }
    EXPECT_GT(count, 0U) << rule.id << " has no case";
  }
}
TEST(LintRulesTest, AreEachKeptByASimilarRequest) {
  const auto cases = all_cases();
  for (const LintCase& one : cases) {
    const auto rules = lint_rules();
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const auto& r) { return r.id == one.id; });
    ASSERT_NE(rule, rules.end()) << one.id << " is no rule";
    EXPECT_EQ(found_in(rule->set, one.keeps, one.ignored), Ids()) << one.id;
  }
}
TEST(LintRulesTest, HaveUniqueIdsAndSayWhereTheyComeFromAndWhatToChange) {
  Ids ids;
  for (const LintRule& rule : lint_rules()) {
    EXPECT_TRUE(ids.emplace(rule.id).second) << rule.id;
    EXPECT_FALSE(rule.source.empty()) << rule.id;
    EXPECT_FALSE(rule.advice.empty()) << rule.id;
    EXPECT_FALSE(rule.advice.ends_with('.')) << rule.id;
    EXPECT_EQ(rule.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string_view::npos) << rule.id;
  }
  EXPECT_GE(ids.size(), 70U);
}
TEST(LintRulesTest, ApplyOnlyWhenTheirSetIsAskedFor) {
  RequestContent content = test::sound_request(RuleSet::shape);
  test::all({test::san({test::dns("printer.local")}), test::really_signed()})(content);
  EXPECT_EQ(ids_of(lint(LintInput::of_request(content.der()), {})), Ids());
}

TEST(LintTest, LeavesOutWhatIsIgnored) {
  RequestContent content = test::sound_request(RuleSet::shape);
  content.version = {1};
  test::really_signed()(content);
  EXPECT_EQ(ids_of(lint(LintInput::of_request(content.der()), {{}, {"request-version"}})), Ids());
}
TEST(LintTest, NamesTheNearestRuleForAnUnknownIgnoredOne) {
  const auto input = LintInput::of_request(test::sound_request(RuleSet::shape).der());
  const Error error = error_of([&] { return lint(input, {{}, {"request-versoin"}}); });
  EXPECT_EQ(error.code(), Errc::usage);
  EXPECT_EQ(error.hint(), "did you mean 'request-version'?");
}
TEST(LintTest, ShowsHostileValuesEscaped) {
  RequestContent content = test::sound_request(RuleSet::shape);
  test::all({test::subject({test::cn("a\x1b[31m")}), test::really_signed()})(content);
  const auto findings = lint(LintInput::of_request(content.der()), {});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings.front().what, "the subject's CN 'a\\x1b[31m' holds a control character");
}
TEST(LintTest, SaysHowTheNamesHaveACommonNameInItsOwnScript) {
  RequestContent content = test::sound_request(RuleSet::cabf_tls);
  test::subject(
      {test::cn("b\xc3\xbc"
                "cher.example")})(content);
  test::san({test::dns("xn--bcher-kva.example")})(content);
  const auto findings = lint(LintInput::of_request(content.der()), {{RuleSet::cabf_tls}, {}});
  const auto found = std::find_if(findings.begin(), findings.end(), [](const LintFinding& finding) {
    return finding.rule->id == "cabf-tls-common-name-spelling";
  });
  ASSERT_NE(found, findings.end());
  EXPECT_EQ(found->what, "the names have the subject's CN 'bücher.example' as 'xn--bcher-kva.example'");
}
TEST(LintTest, SaysWhichNameIsMeant) {
  RequestContent content = test::sound_request(RuleSet::shape);
  test::all({test::san({test::directory({test::country("de")})}), test::really_signed()})(content);
  const auto findings = lint(LintInput::of_request(content.der()), {});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings.front().what, "the directoryName's C 'de' is not two upper-case letters");
}
TEST(LintTest, SurvivesEveryCutOfARequest) {
  const Bytes whole = test::sound_request(RuleSet::smartcard_logon).der();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(error_of([&] { return LintInput::of_request(ByteView(whole).first(size)); }).code(),
              Errc::malformed_input);
  }
}
TEST(LintTest, SurvivesEveryChangedOctetOfARequest) {
  const Bytes whole = test::sound_request(RuleSet::smartcard_logon).der();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned change : {0x01U, 0x20U, 0x80U, 0xffU}) {
      Bytes changed = whole;
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
      try {
        static_cast<void>(lint(LintInput::of_request(changed), {{every_set.begin(), every_set.end()}, {}}));
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::malformed_input) << error.what();
      }
    }
  }
}

/// The sound request with a signature by `algorithm` that is none.
Ids found_with(const Bytes& key, const Bytes& algorithm) {
  RequestContent content = test::sound_request(RuleSet::shape);
  test::all({test::key(key), test::signed_with(algorithm)})(content);
  return ids_of(lint(LintInput::of_request(content.der()), {}));
}

TEST(LintSignatureTest, IsVerifiedWithTheKeyInTheRequest) {
  RequestContent content = test::sound_request(RuleSet::shape);
  test::really_signed()(content);
  EXPECT_EQ(ids_of(lint(LintInput::of_request(content.der()), {})), Ids());
  content.key = test::key_on("P-256");
  EXPECT_EQ(ids_of(lint(LintInput::of_request(content.der()), {})), Ids{"request-signature"});
}
TEST(LintSignatureTest, IsNotJudgedBeforeThereIsOne) {
  const Bytes info = test::sound_request(RuleSet::shape).info();
  EXPECT_EQ(ids_of(lint(LintInput::of_info(info, EcdsaSignature{Digest::sha256}), {})), Ids());
}
TEST(LintKeyTest, IsNotComputedWithAgainWhereItWasChecked) {
  RequestContent content = test::sound_request(RuleSet::shape);
  content.key = test::p256_key();
  content.key.back() ^= 1;
  EXPECT_EQ(ids_of(lint(LintInput::of_info(content.info(), std::nullopt), {})), Ids{"key-ec-point"});
  EXPECT_EQ(ids_of(lint(LintInput::of_checked_key(content.info(), std::nullopt), {})), Ids());
}
TEST(LintSignatureTest, IsWrongWhereItIsNotOfTheKeysKind) {
  EXPECT_EQ(found_with(test::p256_key(), test::algorithm("1.2.840.113549.1.1.11", {{0x05, 0x00}})),
            (Ids{"request-signature", "signature-key-mismatch"}));
}
TEST(LintSignatureTest, IsToldFromOneThatCannotBeVerified) {
  EXPECT_EQ(found_with(test::p256_key(), test::algorithm("1.2.3.4")), Ids{"request-signature-unverified"});
  EXPECT_EQ(found_with(test::other_key("1.3.6.1.4.1.99999.1", {}, {1, 2, 3}), test::algorithm("1.2.840.10045.4.3.2")),
            (Ids{"key-unknown", "request-signature-unverified"}));
}
TEST(LintSignatureTest, OfAnRsaKeyBeyondWhatOpensslComputesWithIsNotVerified) {
  const Bytes sha256_with_rsa = test::algorithm("1.2.840.113549.1.1.11", {{0x05, 0x00}});
  EXPECT_EQ(found_with(test::rsa_key(Bytes(2056, 0xff)), sha256_with_rsa).count("request-signature-unverified"), 1U);
  EXPECT_EQ(found_with(test::rsa_key(Bytes(512, 0xff), Bytes(9, 1)), sha256_with_rsa).count("request-signature"), 0U);
}

RequestSpec tls_spec() {
  ExtensionRequest extensions;
  extensions.subject_alt_names.push_back(parse_general_name("dns:www.example.com"));
  extensions.key_usage = KeyUsage::parse("digitalSignature,keyEncipherment");
  return {Subject::parse("CN=www.example.com"), extensions};
}

TEST(LintInputTest, JudgesWhatWillBeEncodedForAKeyThatIsStillToBeMade) {
  EXPECT_EQ(ids_of(lint(LintInput::of_spec(tls_spec(), EcKey{NamedCurve::p256}, EcdsaSignature{Digest::sha256}), {})),
            Ids{"key-usage-ec"});
  EXPECT_EQ(ids_of(lint(LintInput::of_spec(tls_spec(), RsaKey{2048}, RsaPkcs1Signature{Digest::sha256}),
                        {{RuleSet::cabf_codesign}, {}}))
                .count("cabf-codesign-rsa-size"),
            1U);
}
TEST(LintInputTest, SaysNothingAboutAKeyThatIsNotKnown) {
  EXPECT_EQ(ids_of(lint(LintInput::of_spec(tls_spec(), std::nullopt, std::nullopt), {{RuleSet::cabf_tls}, {}})), Ids());
}
TEST(LintInputTest, ReadsPem) {
  const Bytes pem(test::vectors::full_request.begin(), test::vectors::full_request.end());
  EXPECT_NO_THROW(static_cast<void>(lint(LintInput::of_request(pem), {})));
}

TEST(RuleSetTest, NamesAreReadBack) {
  for (const RuleSet set : every_set) EXPECT_EQ(parse_rule_set(rule_set_name(set)), set);
  EXPECT_EQ(parse_rule_set("SHAPE"), RuleSet::shape);
}
TEST(RuleSetTest, NamesTheNearestForAnUnknownOne) {
  const Error error = error_of([] { return parse_rule_set("cabf-tsl"); });
  EXPECT_EQ(error.code(), Errc::usage);
  EXPECT_EQ(error.hint(), "did you mean 'cabf-tls'?");
}

}  // namespace
}  // namespace p11csr::x509
