#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <p11csr/x509/request_source.hpp>

#include "unit/crypto/error_of.hpp"

namespace p11csr::x509 {
namespace {

using test::error_of;
using testing::ElementsAre;
using testing::HasSubstr;

RequestSource content(std::string_view text, const Replaced& replaced = {}) {
  return content_of_configuration(as_bytes(text), std::nullopt, replaced);
}
std::string what(std::string_view text) {
  const Error error = error_of([text] { return content(text); });
  EXPECT_EQ(error.code(), Errc::malformed_input);
  return error.what();
}

std::string with_subject(std::string_view entries) {
  return fmt::format("[req]\nprompt = no\ndistinguished_name = dn\n[dn]\n{}\n", entries);
}
std::string with_extensions(std::string_view entries) {
  return fmt::format("[req]\nprompt = no\ndistinguished_name = dn\nreq_extensions = ext\n[dn]\nCN = web\n[ext]\n{}\n",
                     entries);
}
std::vector<std::string> names_of(const RequestSource& source) {
  std::vector<std::string> names;
  for (const auto& name : source.extensions.subject_alt_names) names.push_back(to_string(name));
  return names;
}

TEST(ConfiguredSubjectTest, IsEncodedInTheFilesOrder) {
  EXPECT_EQ(content(with_subject("C = DE\nO = Example\nCN = web")).subject, Subject::parse("/C=DE/O=Example/CN=web"));
}
TEST(ConfiguredSubjectTest, KeepsACommaInsideAValue) {
  EXPECT_EQ(content(with_subject("O = Example, CN=evil")).subject.rdns().size(), 1U);
}
TEST(ConfiguredSubjectTest, TakesPrefixesThatTellEntriesApart) {
  EXPECT_EQ(content(with_subject("1.OU = b\n0.OU = a")).subject, Subject::parse("/OU=b/OU=a"));
}
TEST(ConfiguredSubjectTest, JoinsWhatBeginsWithAPlus) {
  EXPECT_EQ(content(with_subject("CN = a\n+UID = b\n0.+OU = c")).subject, Subject::parse("/CN=a+UID=b+OU=c"));
}
TEST(ConfiguredSubjectTest, BeginsWithAPlusAsWithoutOne) {
  EXPECT_EQ(content(with_subject("+CN = a")).subject, Subject::parse("/CN=a"));
}
TEST(ConfiguredSubjectTest, TakesDottedTypesBehindAPrefixAsOpenSslDoes) {
  EXPECT_EQ(content(with_subject("0.2.5.4.97 = id")).subject, Subject::parse("/2.5.4.97=id"));
}
TEST(ConfiguredSubjectTest, LeavesAFieldWithoutAValueOutWithALine) {
  const RequestSource source = content(with_subject("CN = web\nOU ="));
  EXPECT_EQ(source.subject, Subject::parse("CN=web"));
  EXPECT_THAT(source.left_out, ElementsAre("left out [dn] OU: it has no value"));
}
TEST(ConfiguredSubjectTest, TakesTheDefaultsWhereOpenSslWouldAsk) {
  const char* text = "[req]\ndistinguished_name = dn\n[dn]\nC = Country\nC_default = DE\nC_min = 2\nCN = Name\n";
  EXPECT_EQ(content(text).subject, Subject::parse("C=DE"));
}
TEST(ConfiguredSubjectTest, MayBeNonAsciiWithUtf8Only) {
  EXPECT_THAT(what(with_subject("CN = Müller")), HasSubstr("[dn] CN"));
  EXPECT_EQ(content("utf8 = yes\n" + with_subject("CN = Müller")).subject, Subject::parse("CN=Müller"));
}
TEST(ConfiguredSubjectTest, NamesTheEntryThatBreaksARule) {
  EXPECT_THAT(what(with_subject("C = Germany")), HasSubstr("[dn] C: the subject's C 'Germany'"));
}
TEST(ConfiguredSubjectTest, RefusesAnUnknownType) {
  EXPECT_THAT(what(with_subject("comonName = web")), HasSubstr("[dn] comonName: unknown attribute type"));
}
TEST(ConfiguredSubjectTest, IsNotReadWhereItIsReplaced) {
  EXPECT_TRUE(content("[req]\nprompt = no\n", {true, false, {}}).subject.empty());
}

TEST(ConfiguredExtensionsTest, TakeNamesInlineAndOfASection) {
  EXPECT_THAT(names_of(content(with_extensions("subjectAltName = DNS:a.example, IP:2001:db8::1"))),
              ElementsAre("dns:a.example", "ip:2001:db8::1"));
  EXPECT_THAT(names_of(content(with_extensions("subjectAltName = @alt\n[alt]\nDNS.1 = a.example\nDNS.2 = b.example"))),
              ElementsAre("dns:a.example", "dns:b.example"));
}
TEST(ConfiguredExtensionsTest, KeepCriticality) {
  const ExtensionRequest taken =
      content(with_extensions("keyUsage = digitalSignature\nextendedKeyUsage = critical, serverAuth")).extensions;
  EXPECT_EQ(taken.key_usage_critical, false);
  EXPECT_EQ(taken.extended_key_usage_critical, true);
}
TEST(ConfiguredExtensionsTest, TakeArbitraryOnesAsDerAndAsn1) {
  const auto raw = content(with_extensions("1.2.3 = DER:05:00\n1.2.4 = critical, ASN1:UTF8:x")).extensions.raw;
  ASSERT_EQ(raw.size(), 2U);
  EXPECT_EQ(to_hex(raw[0].der), "0500");
  EXPECT_EQ(to_hex(raw[1].der), "0c0178");
  EXPECT_TRUE(raw[1].critical);
}
TEST(ConfiguredExtensionsTest, RefuseAsn1TextThatOpenSslReadsAsLatin1) {
  EXPECT_THAT(what(with_extensions("1.2.3 = ASN1:UTF8:Müller")), HasSubstr("[ext] 1.2.3: the value is not ASCII"));
  EXPECT_THAT(what(with_extensions("1.2.3 = ASN1:SEQUENCE:seq\n[seq]\na = UTF8:Müller")), HasSubstr("[seq] a"));
  const auto raw = content(with_extensions("1.2.3 = ASN1:FORMAT:UTF8,UTF8:ü")).extensions.raw;
  EXPECT_EQ(to_hex(raw.at(0).der), "0c02c3bc");
}
TEST(ConfiguredExtensionsTest, RefuseSectionsOfAsn1TextThatHoldThemselves) {
  EXPECT_THAT(what(with_extensions("1.2.3 = ASN1:SEQUENCE:seq\n[seq]\na = SEQUENCE:seq\nb = SEQUENCE:seq")),
              HasSubstr("nested"));
}
TEST(ConfiguredExtensionsTest, LeaveKeyIdentifiersToTheIssuer) {
  EXPECT_THAT(content(with_extensions("subjectKeyIdentifier = hash")).left_out,
              ElementsAre(HasSubstr("[ext] subjectKeyIdentifier")));
}
TEST(ConfiguredExtensionsTest, AreRefusedByNameWhereTheyAreNotUnderstood) {
  for (const char* entry :
       {"certificatePolicies = none", "noSuchThing = x", "subjectAltName = DNS", "subjectAltName = @gone",
        "keyUsage = signing", "extendedKeyUsage = noPurpose", "basicConstraints = CA:maybe", "1.2.3 = DER:0",
        "1.2.3 = ASN1:X", "1.2.3 =", "subjectAltName = otherName:1.2.3;X:x", "subjectAltName = dirName:gone",
        "subjectAltName = RID:9.9", "nameConstraints = permitted;DNS"}) {
    EXPECT_THAT(what(with_extensions(entry)), HasSubstr("[ext] ")) << entry;
  }
}
TEST(ConfiguredExtensionsTest, AreEncodedAsOpensslHasTheirSyntax) {
  const auto source = content(with_extensions("certificatePolicies = critical, 1.2.3"));
  ASSERT_EQ(source.extensions.raw.size(), 1U);
  EXPECT_EQ(source.extensions.raw.front().oid.dotted(), "2.5.29.32");
  EXPECT_TRUE(source.extensions.raw.front().critical);
  EXPECT_EQ(to_hex(source.extensions.raw.front().der), "3006300406022a03");
}
TEST(ConfiguredExtensionsTest, OfWhichASectionSaysSomethingTwiceAreRefused) {
  EXPECT_THAT(what(with_extensions("nameConstraints = @names\n[names]\npermitted;DNS = a\npermitted;DNS = b")),
              HasSubstr("it is there twice"));
}
TEST(ConfiguredExtensionsTest, TakePoliciesOfSectionsAndOfTheListAlike) {
  const auto source = content(with_extensions("certificatePolicies = @pol,1.2.9\n[pol]\npolicyIdentifier = 1.2.3"));
  ASSERT_EQ(source.extensions.raw.size(), 1U);
  EXPECT_EQ(to_hex(source.extensions.raw.front().der), "300c300406022a03300406022a09");
}
TEST(ConfiguredExtensionsTest, RefusePoliciesOfWhichASectionIsMissingOrSaysSomethingTwice) {
  const auto policies = [](std::string_view text) { return what(with_extensions(text)); };
  EXPECT_THAT(policies("certificatePolicies = 1.2.9,@pol"),
              HasSubstr("[ext] certificatePolicies: there is no section [pol]"));
  EXPECT_THAT(policies("certificatePolicies = 1.2.9,@pol\n[pol]\npolicyIdentifier = 1.2.3\nCPS = a:b\nCPS = c:d"),
              HasSubstr("[pol] CPS: it is there twice"));
  EXPECT_THAT(policies("certificatePolicies = ia5org,@pol\n[pol]\npolicyIdentifier = 1.2.3\nuserNotice.1 = @note\n"
                       "[note]\nexplicitText = a\nexplicitText = b"),
              HasSubstr("[note] explicitText: it is there twice"));
  EXPECT_THAT(policies("certificatePolicies = 1.2.9,,1.2.3"), HasSubstr("is no list"));
}
TEST(ConfiguredExtensionsTest, SayWhichSectionWasMeantWhereOneIsMissing) {
  const auto hint = [](std::string_view text) {
    return error_of([text] { return content(with_extensions(text)); }).hint();
  };
  EXPECT_EQ(hint("subjectAltName = @names\n[nmaes]\nDNS = a.example"), "did you mean 'nmaes'?");
  EXPECT_EQ(hint("subjectAltName = @names"), "write it into the file, below a line [names]");
}
TEST(ConfiguredExtensionsTest, AreNotReadWhereTheyAreReplaced) {
  EXPECT_NO_THROW(static_cast<void>(
      content(with_extensions("subjectAltName = X400:1"), {false, false, {Oid::parse("2.5.29.17")}})));
}

TEST(ConfigurationTest, GivesTheDigest) {
  EXPECT_EQ(content("default_md = SHA384\n" + with_subject("CN = a")).digest, Digest::sha384);
  EXPECT_EQ(content(with_subject("CN = a")).digest, std::nullopt);
}
TEST(ConfigurationTest, RefusesAMistypedEntry) {
  EXPECT_THAT(what("[req]\nreq_extension = ext\n"), HasSubstr("[req] req_extension: there is no such entry"));
}
TEST(ConfigurationTest, NamesTheLineThatCannotBeRead) {
  EXPECT_THAT(what("[req]\nprompt = no\n[unfinished\n"), HasSubstr("line 3"));
}
TEST(ConfigurationTest, RefusesANameThatASectionHasTwice) {
  const auto twice = [](std::string_view names) {
    return what(with_extensions(fmt::format("subjectAltName = @alt\n[alt]\n{}", names)));
  };
  EXPECT_THAT(twice("DNS = a.example\nDNS = b.example"), HasSubstr("[alt] DNS: it is there twice (line 11)"));
  EXPECT_THAT(twice("DNS = a.example\n# [b]\n[ alt ]\nDNS=b.example"), HasSubstr("(line 13)"));
  EXPECT_THAT(twice("DNS = a.\\\nexample\n[other]\nalt::DNS = b.example"), HasSubstr("(line 13)"));
  EXPECT_THAT(what(with_subject("OU = a\nOU = b")), HasSubstr("[dn] OU: it is there twice (line 6)"));
  EXPECT_THAT(error_of([] { return content(with_subject("OU = a\nOU = b")); }).hint(), HasSubstr("DNS.1=…, DNS.2=…"));
}
TEST(ConfigurationTest, CountsNeitherContinuedLinesNorOtherSectionsAsASecond) {
  EXPECT_NO_THROW(
      static_cast<void>(content("CN = x\n" + with_subject("O = a \\\nCN = b\nCN = web\n[other]\nCN = c\nCN = d"))));
  EXPECT_NO_THROW(static_cast<void>(content("dir = a\ndir = b\n" + with_subject("CN = web"))));
}
TEST(ConfigurationTest, FindsTheSecondInAnIncludedFile) {
  const auto path = std::filesystem::temp_directory_path() / fmt::format("p11csr-include-{}.cnf", getpid());
  std::ofstream(path) << "CN = b\n";
  const std::string message = what(with_subject(fmt::format("CN = a\n.include {}", path.string())));
  std::filesystem::remove(path);
  EXPECT_THAT(message, HasSubstr(fmt::format("(line 1 of '{}')", path.string())));
}
TEST(ConfigurationTest, RefusesAnEmptyFile) { EXPECT_THAT(what({}), HasSubstr("[req] names no distinguished_name")); }
TEST(ConfigurationTest, RefusesANul) {
  EXPECT_THAT(what(with_subject(std::string_view("CN = good\0.evil", 15))), HasSubstr("NUL"));
}
TEST(ConfigurationTest, CopesWithAnyTruncationAndAnyFlippedBit) {
  const std::string sound = with_extensions(
      "subjectAltName = critical, @alt\nkeyUsage = digitalSignature\n1.2.3 = ASN1:SEQUENCE:seq\n"
      "basicConstraints = CA:TRUE,pathlen:1\n[alt]\nDNS.1 = a.example\n[seq]\na = UTF8:x");
  const auto only_malformed = [](const std::string& text) {
    try {
      static_cast<void>(content(text));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::malformed_input) << text;
    }
  };
  for (std::size_t i = 0; i < sound.size(); ++i) {
    only_malformed(sound.substr(0, i));
    for (const int bit : {1, 4, 64, 128}) {
      std::string spoilt = sound;
      spoilt[i] = static_cast<char>(spoilt[i] ^ bit);
      only_malformed(spoilt);
    }
  }
}

}  // namespace
}  // namespace p11csr::x509
