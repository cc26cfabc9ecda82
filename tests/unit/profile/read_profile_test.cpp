#include "profile/read_profile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/model/thrown_error.hpp"

namespace p11csr::profile {
namespace {

using test::thrown_error;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

ReadProfile read(std::string_view text) { return read_profile(text, "web", "web.toml"); }

Error refusal(std::string_view text) {
  Error error = thrown_error([&] { return read(text); });
  EXPECT_EQ(error.code(), Errc::malformed_input) << text;
  return error;
}

constexpr std::string_view everything = R"(name = "web"
description = "a web server"
extends = "tls-server"
label = "{host}-{date}"
subject = "CN={host},O=Example GmbH,C=DE"
key_usage = ["digitalSignature", "keyEncipherment"]
extended_key_usage = "serverAuth,clientAuth"
basic_constraints = "end-entity"
critical = ["extended_key_usage"]
extensions = ["1.2.3.4,critical=hex:0500"]
ms_template = "WebServer"
sid = "{sid}"
tls_feature = "status_request"
policies = ["2.23.140.1.2.2"]
overridable = ["key_usage"]
locked = ["san"]
key.allowed = ["rsa:3072+", "ec:P-256"]
key.default = "ec:P-256"
key.digest = "sha384"
key.padding = "pss"

[rdns]
fixed = "O=Example GmbH,C=DE"
required = ["CN"]
allowed = ["CN", "2.5.4.5"]
forbidden = ["OU"]

[san]
names = ["dns:{host}", "dns:{host}.example.org"]
allowed = ["dns", "ip"]
required = ["dns|ip"]
from_cn = "dns"

[lint]
rules = ["shape", "cabf-tls"]
ignore = ["cabf-tls.wildcard"]
)";

TEST(ReadProfileTest, ReadsEveryKey) {
  const ReadProfile web = read(everything);
  EXPECT_EQ(web.extends->value, "tls-server");
  std::vector<std::string> lines;
  for (const ShownValue& shown : shown_values(web.profile)) {
    lines.push_back(shown.key + " = " + shown.value + " (" + shown.origin.text() + ")");
  }
  EXPECT_THAT(
      lines,
      ElementsAre(
          "description = a web server (web.toml:2)", "key.allowed = rsa:3072+, ec:P-256 (web.toml:17)",
          "key.default = ec:P-256 (web.toml:18)", "key.digest = sha384 (web.toml:19)",
          "key.padding = pss (web.toml:20)", "label = {host}-{date} (web.toml:4)",
          "subject = CN={host},O=Example GmbH,C=DE (web.toml:5)", "rdns.fixed = O=Example GmbH,C=DE (web.toml:23)",
          "rdns.required = CN (web.toml:24)", "rdns.allowed = CN, serialNumber (web.toml:25)",
          "rdns.forbidden = OU (web.toml:26)", "san.names = dns:{host}, dns:{host}.example.org (web.toml:29)",
          "san.allowed = dns, ip (web.toml:30)", "san.required = dns|ip (web.toml:31)",
          "san.from_cn = dns (web.toml:32)", "key_usage = digitalSignature, keyEncipherment (web.toml:6)",
          "extended_key_usage = serverAuth, clientAuth (web.toml:7)", "basic_constraints = end-entity (web.toml:8)",
          "critical = extended_key_usage (web.toml:9)", "extensions = 1.2.3.4,critical=hex:0500 (web.toml:10)",
          "ms_template = WebServer (web.toml:11)", "sid = {sid} (web.toml:12)",
          "tls_feature = status_request (web.toml:13)", "policies = 2.23.140.1.2.2 (web.toml:14)",
          "lint.rules = shape, cabf-tls (web.toml:35)", "lint.ignore = cabf-tls.wildcard (web.toml:36)",
          "locked = san (web.toml:16)", "overridable = key_usage (web.toml:15)"));
}

TEST(ReadProfileTest, NamesTheNearestKeyWithLineAndColumn) {
  const Error error = refusal("description = \"x\"\n  subjct = \"CN=web\"\n");
  EXPECT_STREQ(error.what(), "web.toml:2:3: unknown key 'subjct'");
  EXPECT_EQ(error.hint(), "did you mean 'subject'?");
}

TEST(ReadProfileTest, NamesAnUnknownKeyOfATableWithItsTable) {
  const Error error = refusal("[rdns]\nrequird = [\"CN\"]\n");
  EXPECT_STREQ(error.what(), "web.toml:2:1: unknown key 'rdns.requird'");
  EXPECT_EQ(error.hint(), "did you mean 'required'?");
}

TEST(ReadProfileTest, ListsTheKeysWhereNoneIsNear) {
  EXPECT_THAT(refusal("[key]\nzzz = 1\n").hint(), HasSubstr("allowed, default, digest, padding"));
}

TEST(ReadProfileTest, SaysWhatTypeStandsInAnothersPlace) {
  EXPECT_STREQ(refusal("subject = 5\n").what(), "web.toml:1:11: subject: an integer stands where a string belongs");
  EXPECT_THAT(refusal("[san]\nnames = [\"dns:a\", 1.5]\n").what(), HasSubstr("web.toml:2:19: san.names: a float"));
  EXPECT_THAT(refusal("key = \"rsa:2048\"\n").what(), HasSubstr("key: a string stands where a table belongs"));
  EXPECT_THAT(refusal("policies = true\n").what(), HasSubstr("a boolean stands where an array of strings belongs"));
}

TEST(ReadProfileTest, SaysWhereABadValueStands) {
  const Error error = refusal("[key]\nallowed = [\"ec:P-256\",\n  \"ec:brainpoolP265r1\"]\n");
  EXPECT_THAT(error.what(), StartsWith("web.toml:3:3: key.allowed: "));
  EXPECT_EQ(error.hint(), "did you mean 'brainpoolP256r1'?");
}

TEST(ReadProfileTest, JudgesEveryValueWhenItIsRead) {
  for (const std::string_view text : {"subject = \"CN=\"",
                                      "subject = \"XX=a\"",
                                      "label = \"{\"",
                                      "label = \"\"",
                                      "key_usage = [\"sign\"]",
                                      "key_usage = []",
                                      "extended_key_usage = [\"serverAut\"]",
                                      "basic_constraints = \"maybe\"",
                                      "extensions = [\"1.2.3\"]",
                                      "policies = [\"1\"]",
                                      "critical = [\"digest\"]",
                                      "locked = [\"colour\"]",
                                      "key.default = \"dsa\"",
                                      "key.digest = \"md5\"",
                                      "key.padding = \"oaep\"",
                                      "key.allowed = [\"ec:P-256+\"]",
                                      "rdns.required = [\"XX\"]",
                                      "rdns.fixed = \"O=a+OU=b\"",
                                      "san.names = [\"dns:a b\"]",
                                      "san.allowed = [\"nds\"]",
                                      "san.required = [\"dns|\"]",
                                      "san.from_cn = [\"uri\"]",
                                      "lint.rules = [\"\"]",
                                      "ms_template = \"\\u0000\""}) {
    EXPECT_THAT(refusal(text).what(), StartsWith("web.toml:1:")) << text;
  }
}

TEST(ReadProfileTest, SaysWhereTheTextIsNoToml) {
  EXPECT_THAT(refusal("subject = \"CN=web\"\nlabel = \n").what(), StartsWith("web.toml:2:"));
  EXPECT_THAT(refusal("label = \"a\"\nlabel = \"b\"\n").what(), StartsWith("web.toml:2:"));
  EXPECT_THAT(refusal("label = \"\xff\"\n").what(), StartsWith("web.toml:1:"));
}

TEST(ReadProfileTest, SaysThatAKeyOfATableIsNone) {
  EXPECT_THAT(refusal("[,lint]\n").what(), StartsWith("web.toml:1:2: "));
}

TEST(ReadProfileTest, SaysWhereALetterBeyondAsciiLacksItsQuotationMarks) {
  for (const std::string_view text :
       {"[ü]", "label = ü", "label = \"\"ü", "ü = 1", "label = 'x' ü # ü", "label = \"\"\"\\\n ü\"\"\"",
        "label = \"\"\"a\"\"\"\"\"ü", "label = ü", "label = 1ü", "label = [ü]", "label = tü", "a = 5\"ü\"",
        "a = 5[\"ü\"]", "a = 5=\"ü\"", "a = [1,\n5=\"ü\"]", "a = 5'#ü", "sid = \"ü\"\nlabel = \u3000"}) {
    EXPECT_THAT(refusal(text).what(), HasSubstr("stands outside of a comment and a string of one line")) << text;
  }
  EXPECT_THAT(refusal("sid = \"ü\" ü").what(), StartsWith("web.toml:1:11: 'ü' stands"));
}

TEST(ReadProfileTest, TakesLettersBeyondAsciiInStringsAndComments) {
  const auto profile =
      read("\xef\xbb\xbf# ü\nlabel = \"ü\\\"ü\" # ü\nsid='ü\\'\ndescription = \"\"\"a\"\"\"\"\"\n").profile;
  EXPECT_EQ(profile.label->value.text(), "ü\"ü");
  EXPECT_EQ(profile.sid->value.text(), "ü\\");
  EXPECT_EQ(profile.description->value, "a\"\"");
  EXPECT_EQ(read("san.names=[\"dirname:CN=ü\",'dirname:CN=ä']").profile.san_names->value.size(), 2U);
}

TEST(ReadProfileTest, RefusesTablesInTablesWithoutEnd) {
  std::string key = "a";
  for (int i = 0; i < 100000; ++i) key += ".a";
  EXPECT_THAT(refusal(key + " = 1").what(), HasSubstr("holds more than 1000 dots"));
}

TEST(ReadProfileTest, RefusesANameThatIsNotTheFiles) {
  EXPECT_THAT(refusal("name = \"wbe\"\n").what(), HasSubstr("'wbe' is not the name of the file, 'web'"));
}

TEST(ReadProfileTest, RefusesADefaultKeyThatIsNotAllowed) {
  EXPECT_THAT(refusal("[key]\nallowed = [\"rsa:3072+\"]\ndefault = \"rsa:2048\"\n").what(),
              HasSubstr("web.toml:3:1: key.default is not among the allowed kinds"));
}

TEST(ReadProfileTest, RefusesASettingThatIsOverridableAndLocked) {
  EXPECT_THAT(refusal("overridable = [\"san\"]\nlocked = [\"san\"]\n").what(), HasSubstr("overridable and locked"));
}

TEST(ReadProfileTest, ShowsControlCharactersOfAFileAsText) {
  EXPECT_THAT(refusal("\"a\\u001b[31m\" = 1\n").what(), HasSubstr("unknown key 'a\\x1b[31m'"));
}

TEST(ReadProfileTest, SaysWhereANameOfLintStandsThatThereIsNot) {
  const auto only = [](std::string_view known) {
    return [known](std::string_view name) {
      if (name != known) throw Error(Errc::usage, "there is no such thing", "did you mean 'it'?");
    };
  };
  const LintNames names{only("key"), only("san-empty")};
  const auto read_lint = [&names](std::string_view lint) { return read_profile(lint, "web", "web.toml", names); };
  EXPECT_EQ(read_lint("[lint]\nrules = \"key\"\nignore = [\"san-empty\"]").profile.lint_rules->value.size(), 1U);
  const Error set = thrown_error([&] { return read_lint("[lint]\nrules = [\"key\", \"cab\"]"); });
  EXPECT_EQ(set.code(), Errc::malformed_input);
  EXPECT_STREQ(set.what(), "web.toml:2:17: lint.rules: there is no such thing");
  EXPECT_EQ(set.hint(), "did you mean 'it'?");
  const Error rule = thrown_error([&] { return read_lint("lint.ignore = \"key\""); });
  EXPECT_STREQ(rule.what(), "web.toml:1:15: lint.ignore: there is no such thing");
}

}  // namespace
}  // namespace p11csr::profile
