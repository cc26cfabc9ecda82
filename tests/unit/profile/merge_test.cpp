#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/profile/merge.hpp>

#include "unit/model/thrown_error.hpp"
#include "unit/profile/profile_from.hpp"

namespace p11csr::profile {
namespace {

using p11csr::test::thrown_error;
using test::profile_from;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

MergedRequest merged(std::string_view toml, const RequestedByFlags& flags = {},
                     const std::vector<std::string>& fields = {}) {
  return merge(profile_from(toml), flags, FieldValues::parse(fields));
}

Error refusal(std::string_view toml, const RequestedByFlags& flags = {}, const std::vector<std::string>& fields = {}) {
  return thrown_error([&] { return merged(toml, flags, fields); });
}

std::vector<std::string> names_of(const MergedRequest& request) {
  std::vector<std::string> names;
  for (const auto& name : request.san) names.push_back(name.value + " from " + name.origin.text());
  return names;
}

RequestedByFlags with_subject(std::string subject) {
  RequestedByFlags flags;
  flags.subject = std::move(subject);
  return flags;
}

TEST(MergeTest, FillsTheProfilesFields) {
  const auto request = merged(
      "subject = \"CN={host},O=Example\"\nsan.names = \"dns:{host}.example.org\"\n"
      "label = \"{host}-{cn}\"",
      {}, {"host=web"});
  EXPECT_EQ(request.subject.value.to_string(), "CN=web,O=Example");
  EXPECT_EQ(request.subject.origin.text(), "web.toml:1");
  EXPECT_THAT(names_of(request), ElementsAre("dns:web.example.org from web.toml:2"));
  EXPECT_EQ(request.label->value, "web-web");
}

TEST(MergeTest, PutsFlagsOverTheProfileAndSaysSo) {
  RequestedByFlags flags = with_subject("CN=other");
  flags.san = {"ip:192.0.2.1"};
  flags.key = "rsa:4096";
  flags.digest = "sha512";
  flags.label = "mine";
  const auto request =
      merged("subject = \"CN=web\"\nsan.names = \"dns:web\"\nlabel = \"web\"\nkey.default = \"ec:P-256\"", flags);
  EXPECT_EQ(request.subject.value.common_name(), "other");
  EXPECT_EQ(request.subject.origin.text(), "flag --subject");
  EXPECT_THAT(names_of(request), ElementsAre("ip:192.0.2.1 from flag --san"));
  EXPECT_EQ(request.key->value, KeySpec(RsaKey{4096}));
  EXPECT_EQ(request.key->origin.text(), "flag --generate");
  EXPECT_EQ(request.digest->value, Digest::sha512);
  EXPECT_EQ(request.label->value, "mine");
}

TEST(MergeTest, TakesTheProfilesContentWhereNoFlagSpeaks) {
  const auto request = merged(
      "key.default = \"rsa:3072\"\nkey.padding = \"pss\"\nkey_usage = \"digitalSignature\"\n"
      "extended_key_usage = \"serverAuth\"\nbasic_constraints = \"ca,pathlen=0\"\nms_template = \"Web\"\n"
      "tls_feature = \"status_request\"\npolicies = \"1.2.3\"\nextensions = \"1.2.3.4=hex:0500\"\n"
      "critical = \"extended_key_usage\"\nlint.rules = [\"shape\", \"key\"]\nlint.ignore = \"shape.cn\"\n");
  EXPECT_EQ(request.key->value, KeySpec(RsaKey{3072}));
  EXPECT_EQ(request.padding->value, Padding::pss);
  EXPECT_THAT(request.key_usage->value.bits(), ElementsAre(KeyUsageBit::digital_signature));
  EXPECT_EQ(request.extended_key_usage->value.purposes().front().dotted(), "1.3.6.1.5.5.7.3.1");
  EXPECT_EQ(request.basic_constraints->value.path_length, 0U);
  EXPECT_EQ(request.ms_template->value, "Web");
  EXPECT_EQ(request.tls_feature->value, "status_request");
  EXPECT_EQ(request.policies.front().value.text(), "1.2.3");
  EXPECT_EQ(request.extensions.front().value.oid.dotted(), "1.2.3.4");
  EXPECT_THAT(request.critical, ElementsAre(Setting::extended_key_usage));
  EXPECT_EQ(request.lint_rules.size(), 2U);
  EXPECT_EQ(request.lint_ignored.front().value, "shape.cn");
}

TEST(MergeTest, LeavesOutWhatNobodySays) {
  const auto request = merged("");
  EXPECT_TRUE(request.subject.value.empty());
  EXPECT_EQ(request.subject.origin.text(), "default");
  EXPECT_THAT(request.san, IsEmpty());
  EXPECT_FALSE(request.key || request.digest || request.label || request.key_usage || request.sid);
}

TEST(MergeTest, NamesEveryFieldThatIsNotSet) {
  const Error error = refusal("subject = \"CN={host},O={org}\"");
  EXPECT_EQ(error.code(), Errc::usage);
  EXPECT_STREQ(error.what(), "the profile 'web' needs values for its fields: host, org");
  EXPECT_EQ(error.hint(), "--set host=VALUE --set org=VALUE");
}

TEST(MergeTest, AsksForNoFieldThatAFlagMakesNeedless) {
  EXPECT_EQ(merged("subject = \"CN={host}\"", with_subject("CN=a")).subject.value.common_name(), "a");
}

TEST(MergeTest, RefusesAFieldThatTheProfileDoesNotHave) {
  const Error error = refusal("subject = \"CN={host}\"", {}, {"host=a", "hots=b"});
  EXPECT_EQ(error.code(), Errc::usage);
  EXPECT_THAT(error.what(), HasSubstr("has no field 'hots'"));
  EXPECT_EQ(error.hint(), "did you mean 'host'?");
}

TEST(MergeTest, RefusesAFieldWhosePlaceAFlagTakes) {
  const Error error = refusal("subject = \"CN={host}\"", with_subject("CN=a"), {"host=b"});
  EXPECT_EQ(error.code(), Errc::usage);
  EXPECT_THAT(error.what(), HasSubstr("a flag replaces what holds it"));
}

TEST(MergeTest, KeepsToTheAllowedKindsOfKey) {
  RequestedByFlags flags;
  flags.key = "rsa:2048";
  const Error error = refusal("key.allowed = [\"rsa:3072+\", \"ec:P-256\"]", flags);
  EXPECT_EQ(error.code(), Errc::not_allowed);
  EXPECT_THAT(error.what(), HasSubstr("does not allow a key of the kind rsa:2048"));
  EXPECT_EQ(error.hint(), "it allows rsa:3072+, ec:P-256");
}

TEST(MergeTest, JudgesAKeyThatWasFoundAsOneThatIsMade) {
  const Profile profile = profile_from("key.allowed = [\"rsa:3072+\", \"ec:P-256\"]");
  EXPECT_NO_THROW(check_key(profile, RsaKey{8192}));
  EXPECT_NO_THROW(check_key(profile, EcKey{NamedCurve::p256}));
  EXPECT_EQ(thrown_error([&] {
              check_key(profile, RsaKey{3071});
              return 0;
            }).code(),
            Errc::not_allowed);
  EXPECT_EQ(thrown_error([&] {
              check_key(profile, EcKey{NamedCurve::p384});
              return 0;
            }).code(),
            Errc::not_allowed);
}

TEST(MergeTest, MakesANameOfTheCommonName) {
  EXPECT_THAT(names_of(merged("san.from_cn = [\"dns\", \"ip\"]", with_subject("CN=web-01"))),
              ElementsAre("dns:web-01 from web.toml:1"));
  EXPECT_THAT(names_of(merged("san.from_cn = [\"dns\", \"ip\"]", with_subject("CN=192.0.2.1"))),
              ElementsAre("ip:192.0.2.1 from web.toml:1"));
}

TEST(MergeTest, PutsTheCommonNameBeforeOtherNamesUnlessItIsThere) {
  RequestedByFlags flags = with_subject("CN=web");
  flags.san = {"dns:other"};
  EXPECT_THAT(names_of(merged("san.from_cn = \"dns\"", flags)),
              ElementsAre("dns:web from web.toml:1", "dns:other from flag --san"));
  flags.san = {"dns:other", "dns:WEB"};
  EXPECT_THAT(names_of(merged("san.from_cn = \"dns\"", flags)),
              ElementsAre("dns:other from flag --san", "dns:WEB from flag --san"));
}

TEST(MergeTest, MakesNoNameOfACommonNameThatIsNone) {
  EXPECT_THAT(merged("san.from_cn = \"dns\"", with_subject("CN=Jane Doe")).san, IsEmpty());
}

TEST(MergeTest, RefusesNamesOfAKindThatTheProfileDoesNotAllow) {
  RequestedByFlags flags;
  flags.san = {"email:a@example.org"};
  const Error error = refusal("san.allowed = \"dns\"", flags);
  EXPECT_EQ(error.code(), Errc::not_allowed);
  EXPECT_THAT(error.what(), HasSubstr("does not allow the name 'email:a@example.org'"));
}

TEST(MergeTest, RequiresOneOfSeveralKindsOfName) {
  const Error error = refusal("san.required = \"dns|ip\"");
  EXPECT_EQ(error.code(), Errc::not_allowed);
  EXPECT_THAT(error.what(), HasSubstr("requires a subject alternative name of the kind dns|ip"));
  RequestedByFlags flags;
  flags.san = {"ip:192.0.2.1"};
  EXPECT_NO_THROW(static_cast<void>(merged("san.required = \"dns|ip\"", flags)));
}

TEST(MergeTest, RefusesNamesThatCannotBeRead) {
  RequestedByFlags flags;
  flags.san = {"dns:a b"};
  EXPECT_EQ(refusal("", flags).code(), Errc::malformed_input);
}

}  // namespace
}  // namespace p11csr::profile
