#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/profile/merge.hpp>

#include "unit/model/thrown_error.hpp"
#include "unit/profile/profile_from.hpp"

namespace p11csr::profile {
namespace {

using p11csr::test::thrown_error;
using test::profile_from;
using testing::HasSubstr;

std::string subject_of(std::string_view toml, const std::string& subject) {
  RequestedByFlags flags;
  flags.subject = subject;
  return merge(profile_from(toml), flags, {}).subject.value.to_string();
}

Error subject_refusal(std::string_view toml, const std::string& subject) {
  Error error = thrown_error([&] { return subject_of(toml, subject); });
  EXPECT_EQ(error.code(), Errc::not_allowed) << toml;
  return error;
}

Error flag_refusal(std::string_view toml, const RequestedByFlags& flags) {
  Error error = thrown_error([&] { return merge(profile_from(toml), flags, {}); });
  EXPECT_EQ(error.code(), Errc::not_allowed) << toml;
  return error;
}

TEST(MergeRdnTest, NamesARequiredAttributeThatIsMissing) {
  EXPECT_STREQ(subject_refusal("rdns.required = [\"CN\", \"O\"]", "CN=web").what(),
               "the profile 'web' requires O in the subject");
}

TEST(MergeRdnTest, RefusesAForbiddenAttribute) {
  EXPECT_STREQ(subject_refusal("rdns.forbidden = \"OU\"", "CN=web,OU=it").what(),
               "the profile 'web' forbids OU in the subject");
}

TEST(MergeRdnTest, RefusesAnAttributeBeyondTheAllowedRequiredAndFixedOnes) {
  constexpr std::string_view toml = "[rdns]\nallowed = \"L\"\nrequired = \"CN\"\nfixed = \"O=Example\"";
  EXPECT_EQ(subject_of(toml, "CN=web,L=Bonn,O=Example"), "CN=web,L=Bonn,O=Example");
  EXPECT_THAT(subject_refusal(toml, "CN=web,ST=NRW").what(), HasSubstr("forbids ST"));
}

TEST(MergeRdnTest, AddsFixedAttributesThatAreMissing) {
  constexpr std::string_view toml = "rdns.fixed = \"O=Example,C=DE\"";
  EXPECT_EQ(subject_of(toml, "CN=web"), "CN=web,O=Example,C=DE");
  EXPECT_EQ(subject_of(toml, "CN=web,C=DE"), "CN=web,O=Example,C=DE");
  EXPECT_EQ(subject_of(toml, "CN=web,O=Example"), "CN=web,O=Example,C=DE");
  EXPECT_EQ(subject_of(toml, ""), "O=Example,C=DE");
}

TEST(MergeRdnTest, AddsFixedAttributesOfOneTypeTogether) {
  EXPECT_EQ(subject_of("rdns.fixed = \"DC=example,DC=org\"", "CN=web"), "CN=web,DC=example,DC=org");
}

TEST(MergeRdnTest, RefusesAnotherValueOfAFixedAttribute) {
  EXPECT_STREQ(subject_refusal("rdns.fixed = \"O=Example\"", "CN=web,O=Other").what(),
               "the profile 'web' fixes O to 'Example', and the subject has 'Other'");
  EXPECT_THAT(subject_refusal("rdns.fixed = \"O=Example\"", "O=Example+O=Other").what(), HasSubstr("fixes O"));
}

TEST(MergePermissionTest, FlagsDoNotReplaceUsagesOfTheProfile) {
  RequestedByFlags flags;
  flags.key_usage = "keyCertSign";
  const Error error = flag_refusal("key_usage = \"digitalSignature\"", flags);
  EXPECT_THAT(error.what(), HasSubstr("does not allow --key-usage: key_usage is not overridable"));
  EXPECT_THAT(error.hint(), HasSubstr("overridable = [\"key_usage\"]"));
}

TEST(MergePermissionTest, FlagsReplaceWhatIsOverridable) {
  RequestedByFlags flags;
  flags.key_usage = "keyCertSign";
  const Profile profile = profile_from("key_usage = \"digitalSignature\"\noverridable = \"key_usage\"");
  EXPECT_EQ(merge(profile, flags, {}).key_usage->value.bits().front(), KeyUsageBit::key_cert_sign);
}

TEST(MergePermissionTest, FlagsGiveWhatTheProfileDoesNotSay) {
  RequestedByFlags flags;
  flags.key_usage = "keyCertSign";
  flags.tls_feature = "status_request";
  flags.policies = {"1.2.3"};
  const auto request = merge(profile_from(""), flags, {});
  EXPECT_EQ(request.key_usage->origin.text(), "flag --key-usage");
  EXPECT_EQ(request.tls_feature->value, "status_request");
  EXPECT_EQ(request.policies.front().value.text(), "1.2.3");
}

TEST(MergePermissionTest, NoFlagGivesWhatIsLocked) {
  RequestedByFlags flags;
  flags.basic_constraints = "ca";
  static_cast<void>(flag_refusal("locked = \"basic_constraints\"", flags));
  RequestedByFlags names;
  names.san = {"dns:a"};
  static_cast<void>(flag_refusal("locked = \"san\"", names));
  RequestedByFlags lint;
  lint.lint_ignored = {"shape.cn"};
  static_cast<void>(flag_refusal("locked = \"lint\"", lint));
}

TEST(MergePermissionTest, ARawExtensionIsNoWayAroundALock) {
  RequestedByFlags flags;
  flags.extensions = {"2.5.29.19,critical=hex:30030101ff"};
  EXPECT_THAT(flag_refusal("locked = \"basic_constraints\"", flags).what(), HasSubstr("--extension 2.5.29.19"));
  flags.extensions = {"2.5.29.15=hex:03020106"};
  static_cast<void>(flag_refusal("key_usage = \"digitalSignature\"", flags));
}

TEST(MergePermissionTest, NamesInARawExtensionAreNotLetPastTheirRules) {
  RequestedByFlags flags;
  flags.extensions = {"2.5.29.17=hex:3003820161"};
  EXPECT_THAT(flag_refusal("san.allowed = \"dns\"", flags).hint(), HasSubstr("--san"));
}

TEST(MergePermissionTest, ARawExtensionReplacesWhatItStandsFor) {
  RequestedByFlags flags;
  flags.extensions = {"2.5.29.15=hex:03020106"};
  const auto request = merge(profile_from("key_usage = \"digitalSignature\"\noverridable = \"key_usage\""), flags, {});
  EXPECT_FALSE(request.key_usage.has_value());
  EXPECT_EQ(request.extensions.size(), 1U);
}

TEST(MergePermissionTest, OtherExtensionsAreAddedToTheProfiles) {
  RequestedByFlags flags;
  flags.extensions = {"1.2.3=hex:0500"};
  EXPECT_EQ(merge(profile_from("extensions = \"1.2.4=hex:0500\""), flags, {}).extensions.size(), 2U);
}

TEST(MergePermissionTest, AnExtensionOfTheProfileIsReplacedOnlyWhereThatIsAllowed) {
  RequestedByFlags flags;
  flags.extensions = {"1.2.4=hex:0101ff"};
  static_cast<void>(flag_refusal("extensions = \"1.2.4=hex:0500\"", flags));
  const auto request = merge(profile_from("extensions = \"1.2.4=hex:0500\"\noverridable = \"extensions\""), flags, {});
  ASSERT_EQ(request.extensions.size(), 1U);
  EXPECT_EQ(request.extensions.front().origin.text(), "flag --extension");
}

TEST(MergePermissionTest, IgnoredRulesOfFlagsJoinTheProfiles) {
  RequestedByFlags flags;
  flags.lint_ignored = {"b"};
  const auto request = merge(profile_from("lint.rules = \"shape\"\nlint.ignore = \"a\""), flags, {});
  EXPECT_EQ(request.lint_ignored.size(), 2U);
  EXPECT_EQ(request.lint_rules.size(), 1U);
}

TEST(MergeCriticalTest, KeepsTheProfilesCriticalityWhereAFlagGivesTheExtensionRaw) {
  const auto is_critical = [](std::string_view toml, const std::string& extension) {
    RequestedByFlags flags;
    flags.extensions = {extension};
    const auto request = merge(profile_from(toml), flags, {});
    EXPECT_EQ(request.extensions.size(), 1U) << toml;
    return request.extensions.front().value.critical;
  };
  const std::string purposes = "2.5.29.37=hex:300a06082b06010505070308";
  EXPECT_TRUE(
      is_critical("extended_key_usage = \"timeStamping\"\ncritical = \"extended_key_usage\"\n"
                  "overridable = \"extended_key_usage\"",
                  purposes));
  EXPECT_TRUE(is_critical("critical = \"extended_key_usage\"", purposes));
  EXPECT_TRUE(is_critical("critical = \"san\"", "2.5.29.17=hex:3003820161"));
  EXPECT_FALSE(is_critical("extended_key_usage = \"timeStamping\"\noverridable = \"extended_key_usage\"", purposes));
  EXPECT_FALSE(is_critical("critical = \"san\"", purposes));
  EXPECT_TRUE(is_critical("key_usage = \"keyCertSign\"\noverridable = \"key_usage\"", "2.5.29.15=hex:03020106"));
  EXPECT_TRUE(
      is_critical("basic_constraints = \"ca\"\noverridable = \"basic_constraints\"", "2.5.29.19=hex:30030101ff"));
  EXPECT_FALSE(is_critical("", "2.5.29.15=hex:03020106"));
  const std::string_view own = "extensions = \"1.2.4,critical=hex:0500\"\noverridable = \"extensions\"";
  EXPECT_TRUE(is_critical(own, "1.2.4=hex:0101ff"));
  EXPECT_TRUE(
      is_critical("extensions = \"1.2.4=hex:0500\"\noverridable = \"extensions\"", "1.2.4,critical=hex:0101ff"));
}

TEST(MergeCriticalTest, IsThatOfTheListForAnExtensionThatTheProfileGivesRaw) {
  const auto request = merge(profile_from("extensions = \"2.5.29.37=hex:300a06082b06010505070308\"\n"
                                          "critical = \"extended_key_usage\""),
                             {}, {});
  ASSERT_EQ(request.extensions.size(), 1U);
  EXPECT_TRUE(request.extensions.front().value.critical);
}

}  // namespace
}  // namespace p11csr::profile
