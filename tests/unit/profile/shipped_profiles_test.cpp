#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/profile/library.hpp>
#include <p11csr/profile/merge.hpp>

#include "unit/model/thrown_error.hpp"

namespace p11csr::profile {
namespace {

using test::thrown_error;
using testing::ElementsAre;
using testing::HasSubstr;

MergedRequest merged(std::string_view name, const std::vector<std::string>& fields,
                     const RequestedByFlags& flags = {}) {
  return merge(Library({}).find(name), flags, FieldValues::parse(fields));
}

Error refusal(std::string_view name, const std::vector<std::string>& fields, const RequestedByFlags& flags = {}) {
  return thrown_error([&] { return merged(name, fields, flags); });
}

std::string purposes_of(const MergedRequest& request) {
  std::string text;
  if (!request.extended_key_usage) return text;
  for (const Oid& purpose : request.extended_key_usage->value.purposes()) text += purpose_name(purpose) + " ";
  return text;
}

std::string usages_of(const MergedRequest& request) {
  std::string text;
  if (!request.key_usage) return text;
  for (const KeyUsageBit bit : request.key_usage->value.bits()) text += std::string(key_usage_name(bit)) + " ";
  return text;
}

struct Expected {
  std::string_view name;
  std::vector<std::string> fields;
  std::string_view subject;
  std::vector<std::string> names;
  std::string_view usages;
  std::string_view purposes;
};

const std::vector<Expected>& all_expected() {
  static const std::vector<Expected> expected = {
      {"code-signing",
       {"name=Example", "country=DE"},
       "CN=Example,O=Example,C=DE",
       {},
       "digitalSignature ",
       "codeSigning "},
      {"device-identity", {"serial=0815"}, "serialNumber=0815", {}, "digitalSignature ", ""},
      {"document-signing", {"name=Jane Doe"}, "CN=Jane Doe", {}, "digitalSignature ", "documentSigning "},
      {"mtls",
       {"host=node.example.org"},
       "CN=node.example.org",
       {"dns:node.example.org"},
       "digitalSignature ",
       "serverAuth clientAuth "},
      {"ocsp-responder", {"name=OCSP"}, "CN=OCSP", {}, "digitalSignature ", "OCSPSigning "},
      {"piv-auth",
       {"name=Jane", "uuid=f81d4fae-7dec-11d0-a765-00a0c91e6bf6"},
       "CN=Jane",
       {"uri:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"},
       "digitalSignature ",
       ""},
      {"smartcard-logon",
       {"name=Jane", "upn=jane@example.org"},
       "CN=Jane",
       {"upn:jane@example.org"},
       "digitalSignature ",
       "msSmartcardLogon clientAuth "},
      {"smime-encrypt",
       {"email=jane@example.org"},
       "CN=jane@example.org",
       {"email:jane@example.org"},
       "keyEncipherment ",
       "emailProtection "},
      {"smime-sign",
       {"email=jane@example.org"},
       "CN=jane@example.org",
       {"email:jane@example.org"},
       "digitalSignature ",
       "emailProtection "},
      {"sub-ca", {"name=Example CA"}, "CN=Example CA", {}, "keyCertSign cRLSign ", ""},
      {"timestamping", {"name=TSA"}, "CN=TSA", {}, "digitalSignature ", "timeStamping "},
      {"tls-client", {"name=job"}, "CN=job", {}, "digitalSignature ", "clientAuth "},
      {"tls-server",
       {"host=www.example.org"},
       "CN=www.example.org",
       {"dns:www.example.org"},
       "digitalSignature ",
       "serverAuth "},
  };
  return expected;
}

TEST(ShippedProfilesTest, AreThirteenThatCanAllBeRead) {
  const auto listed = Library({}).list();
  ASSERT_EQ(listed.size(), all_expected().size());
  for (std::size_t i = 0; i < listed.size(); ++i) {
    EXPECT_EQ(listed[i].name, all_expected()[i].name);
    EXPECT_EQ(listed[i].problem, "") << listed[i].name;
    EXPECT_NE(listed[i].description, "") << listed[i].name;
  }
}

TEST(ShippedProfilesTest, MakeAWholeRequestOfTheirFields) {
  for (const Expected& expected : all_expected()) {
    const auto request = merged(expected.name, expected.fields);
    EXPECT_EQ(request.subject.value.to_string(), expected.subject) << expected.name;
    std::vector<std::string> names;
    for (const auto& name : request.san) names.push_back(name.value);
    EXPECT_EQ(names, expected.names) << expected.name;
    EXPECT_EQ(usages_of(request), expected.usages) << expected.name;
    EXPECT_EQ(purposes_of(request), expected.purposes) << expected.name;
    EXPECT_GE(request.lint_rules.size(), 2U) << expected.name;
  }
}

TEST(ShippedProfilesTest, OnlyTheSubCaMakesACa) {
  RequestedByFlags flags;
  flags.basic_constraints = "ca";
  for (const Expected& expected : all_expected()) {
    if (expected.name == "sub-ca") continue;
    EXPECT_EQ(refusal(expected.name, expected.fields, flags).code(), Errc::not_allowed) << expected.name;
  }
  EXPECT_TRUE(merged("sub-ca", {"name=CA"}).basic_constraints->value.ca);
  flags.basic_constraints = "ca,pathlen=0";
  EXPECT_EQ(merged("sub-ca", {"name=CA"}, flags).basic_constraints->value.path_length, 0U);
}

TEST(ShippedProfilesTest, TlsServerWantsANameThatIsOne) {
  RequestedByFlags flags;
  flags.subject = "CN=Jane Doe";
  EXPECT_THAT(refusal("tls-server", {}, flags).what(), HasSubstr("of the kind dns|ip"));
  flags.subject = "";
  flags.san = {"dns:a.example.org"};
  EXPECT_TRUE(merged("tls-server", {}, flags).subject.value.empty());
}

TEST(ShippedProfilesTest, CodeSigningTakesRsaOfAtLeast3072Bits) {
  RequestedByFlags flags;
  flags.key = "rsa:2048";
  EXPECT_EQ(refusal("code-signing", {"name=a", "country=DE"}, flags).code(), Errc::not_allowed);
  flags.key = "rsa:4096";
  EXPECT_EQ(merged("code-signing", {"name=a", "country=DE"}, flags).key->value, KeySpec(RsaKey{4096}));
}

TEST(ShippedProfilesTest, SmartcardLogonWantsAUserPrincipalName) {
  RequestedByFlags flags;
  flags.san = {"email:jane@example.org"};
  EXPECT_THAT(refusal("smartcard-logon", {"name=a"}, flags).what(), HasSubstr("of the kind upn"));
}

TEST(ShippedProfilesTest, DeviceIdentityWantsTheSerialNumber) {
  RequestedByFlags flags;
  flags.subject = "CN=device";
  EXPECT_THAT(refusal("device-identity", {}, flags).what(), HasSubstr("requires serialNumber"));
}

TEST(ShippedProfilesTest, TimestampingsPurposeIsCritical) {
  EXPECT_THAT(merged("timestamping", {"name=a"}).critical, ElementsAre(Setting::extended_key_usage));
}

TEST(ShippedProfilesTest, OcspRespondersAreNotChecked) {
  const auto request = merged("ocsp-responder", {"name=a"});
  ASSERT_EQ(request.extensions.size(), 1U);
  EXPECT_EQ(request.extensions.front().value.oid.dotted(), "1.3.6.1.5.5.7.48.1.5");
  EXPECT_EQ(to_hex(request.extensions.front().value.der), "0500");
}

TEST(ShippedProfilesTest, HaveADefaultKeyEach) {
  for (const ListedProfile& listed : Library({}).list()) {
    EXPECT_TRUE(Library({}).find(listed.name).default_key) << listed.name;
  }
}

TEST(ShippedProfilesTest, WriteTheCommonNameAsTheNamesHaveIt) {
  EXPECT_EQ(merged("tls-server", {"host=b\xc3\xbc"
                                  "cher.example.org"})
                .subject.value.common_name(),
            "xn--bcher-kva.example.org");
  EXPECT_EQ(merged("smime-sign", {"email=joe@b\xc3\xbc"
                                  "cher.example.org"})
                .subject.value.common_name(),
            "joe@xn--bcher-kva.example.org");
  EXPECT_EQ(merged("tls-server", {"host=2001:4860:4860:0:0:0:0:8888"}).subject.value.common_name(),
            "2001:4860:4860::8888");
  RequestedByFlags flags;
  flags.san = {"dns:example.org"};
  EXPECT_EQ(merged("tls-server", {"host=Example.ORG"}, flags).subject.value.common_name(), "example.org");
  flags.subject = "CN=Example.ORG";
  EXPECT_EQ(merged("tls-server", {}, flags).subject.value.common_name(), "Example.ORG");
}

}  // namespace
}  // namespace p11csr::profile
