#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/x509/description.hpp>

#include "unit/crypto/error_of.hpp"
#include "unit/x509/forged_request.hpp"

namespace p11csr::x509 {
namespace {

using test::ForgedRequest;
using test::tlv;
using testing::ElementsAre;

constexpr const char* common_name = "2.5.4.3";
constexpr const char* subject_alt_name = "2.5.29.17";

std::string subject_with(int type, std::string_view value) {
  return describe(ForgedRequest().add_name(common_name, type, value).der()).subject;
}

TEST(HostileSubjectTest, ShowsControlCharactersAsHex) {
  EXPECT_EQ(subject_with(V_ASN1_UTF8STRING, "a\n\x1b[2Jb"), "CN=a\\0a\\1b[2Jb");
}
TEST(HostileSubjectTest, ShowsANulAndWhatIsBehindIt) {
  EXPECT_EQ(subject_with(V_ASN1_UTF8STRING, std::string_view("good.example\0.evil", 18)), "CN=good.example\\00.evil");
}
TEST(HostileSubjectTest, ShowsMarksThatTurnTheWritingDirectionAsHex) {
  EXPECT_EQ(subject_with(V_ASN1_UTF8STRING, "a\u202eb"), "CN=a\\e2\\80\\aeb");
}
TEST(HostileSubjectTest, ShowsWhatCannotBeSeenAsHex) {
  EXPECT_EQ(subject_with(V_ASN1_UTF8STRING, "a\u00adb\u200dc\u2060"), "CN=a\\c2\\adb\\e2\\80\\8dc\\e2\\81\\a0");
}
TEST(HostileSubjectTest, EscapesCommasSoThatNoNameIsAdded) {
  EXPECT_EQ(subject_with(V_ASN1_UTF8STRING, "a\n,CN=b"), "CN=a\\0a\\,CN=b");
}
TEST(HostileSubjectTest, DecodesBmpString) {
  EXPECT_EQ(subject_with(V_ASN1_BMPSTRING, std::string_view("\0M\0\xfc", 4)), "CN=Mü");
}
TEST(HostileSubjectTest, DecodesT61StringAsLatin1) { EXPECT_EQ(subject_with(V_ASN1_T61STRING, "M\xfc"), "CN=Mü"); }
TEST(HostileSubjectTest, IsRefusedWithBrokenUtf8) {
  Bytes der = ForgedRequest().add_name(common_name, V_ASN1_UTF8STRING, "broken").der();
  der[std::string(as_text(der)).find("broken")] = 0xff;
  EXPECT_EQ(test::error_of([&] { return describe(der); }).code(), Errc::malformed_input);
}
TEST(HostileSubjectTest, ShowsABitStringAsDer) {
  EXPECT_EQ(subject_with(V_ASN1_BIT_STRING, "a").substr(0, 6), "CN=#03");
}
TEST(HostileSubjectTest, ShowsAValueThatIsTooLong) {
  const std::string longer(65, 'a');
  EXPECT_EQ(subject_with(V_ASN1_UTF8STRING, longer), "CN=" + longer);
}
TEST(HostileSubjectTest, ShowsAnOidThatNoModelHolds) {
  ForgedRequest forged;
  forged.add_name("2.5.4.99999999999999999999999999", V_ASN1_UTF8STRING, "x");
  EXPECT_EQ(describe(forged.der()).subject, "2.5.4.99999999999999999999999999=x");
}
TEST(HostileSubjectTest, MayBeEmpty) { EXPECT_EQ(describe(ForgedRequest().der()).subject, ""); }

/// The names are DER GeneralNames, one after the other.
Description with_names(const std::vector<Bytes>& names) {
  std::string content;
  for (const Bytes& name : names) {
    content += as_text(name);
  }
  return describe(ForgedRequest().add_extensions({{subject_alt_name, tlv(0x30, content)}}).der());
}

TEST(HostileNamesTest, ShowsANulInsideADnsName) {
  const auto description = with_names({tlv(0x82, std::string_view("good.example\0.evil", 18))});
  EXPECT_THAT(description.subject_alt_names, ElementsAre("dns:good.example\\00.evil"));
}
TEST(HostileNamesTest, EscapesNewlinesNonAsciiAndBackslashes) {
  const auto description = with_names({tlv(0x82, "a\nb"), tlv(0x81, "\xc3\xbc"), tlv(0x86, "\\00")});
  EXPECT_THAT(description.subject_alt_names, ElementsAre("dns:a\\0ab", "email:\\c3\\bc", "uri:\\5c00"));
  EXPECT_EQ(description.extensions.at(0).text, "dns:a\\0ab\nemail:\\c3\\bc\nuri:\\5c00");
}
TEST(HostileNamesTest, ShowsAnIpAddressOfAnyLength) {
  const auto description = with_names({tlv(0x87, "\x01\x02\x03"), tlv(0x87, ""), tlv(0x87, "\x0a\x01\x01\x01")});
  EXPECT_THAT(description.subject_alt_names, ElementsAre("ip:#010203", "ip:#", "ip:10.1.1.1"));
}
TEST(HostileNamesTest, ShowsDirectoryNamesAndRegisteredIds) {
  const Bytes name = from_hex("a40f300d310b300906035504030c02612c", "the test");
  EXPECT_THAT(with_names({name, from_hex("88032a0304", "the test")}).subject_alt_names,
              ElementsAre("dirname:CN=a\\,", "rid:1.2.3.4"));
}
TEST(HostileNamesTest, ShowsOtherNames) {
  const Bytes text = from_hex("a00b06032a0304a0040c02610a", "the test");
  const Bytes number = from_hex("a00a06032a0304a003020105", "the test");
  const Bytes false_upn = from_hex("a011060a2b060104018237140203a003020105", "the test");
  EXPECT_THAT(with_names({text, number, false_upn}).subject_alt_names,
              ElementsAre("othername:1.2.3.4;UTF8:a\\0a", "othername:1.2.3.4;HEX:020105",
                          "othername:1.3.6.1.4.1.311.20.2.3;HEX:020105"));
}
TEST(HostileNamesTest, ShowsAUserPrincipalNameThatIsNoneAsAnOtherName) {
  EXPECT_THAT(with_names({from_hex("a010060a2b060104018237140203a0020c00", "the test")}).subject_alt_names,
              ElementsAre("othername:1.3.6.1.4.1.311.20.2.3;UTF8:"));
  EXPECT_THAT(with_names({from_hex("a012060a2b060104018237140203a0040c0261ff", "the test")}).subject_alt_names,
              ElementsAre("othername:1.3.6.1.4.1.311.20.2.3;UTF8:a\\ff"));
}
TEST(HostileNamesTest, LeavesABackslashInAUserPrincipalNameAlone) {
  const auto name = from_hex("a01b060a2b060104018237140203a00d0c0b434f52505c6140636f7270", "the test");
  EXPECT_THAT(with_names({name}).subject_alt_names, ElementsAre("upn:CORP\\a@corp"));
}

TEST(HostileExtensionTest, ShowsOneThatIsNotWellFormedAsHex) {
  for (const char* oid : {"2.5.29.17", "2.5.29.15", "2.5.29.37", "2.5.29.19", "2.5.29.14", "1.2.3.4"}) {
    const Bytes junk = {0x30, 0x05, 0xff};
    const auto description = describe(ForgedRequest().add_extensions({{oid, junk}}).der());
    ASSERT_EQ(description.extensions.size(), 1U);
    EXPECT_EQ(description.extensions[0].text, "3005ff") << oid;
    EXPECT_EQ(description.extensions[0].value, junk);
    EXPECT_EQ(description.verdict, SignatureVerdict::valid);
  }
}
TEST(HostileExtensionTest, ShowsBytesBehindAKnownValueAsHex) {
  const auto description =
      describe(ForgedRequest().add_extensions({{"2.5.29.19", from_hex("30000500", "the test")}}).der());
  EXPECT_EQ(description.extensions.at(0).text, "30000500");
}
TEST(HostileExtensionTest, ListsDuplicates) {
  const auto names = tlv(0x30,
                         "\x82\x01"
                         "a");
  ForgedRequest forged;
  forged.add_extensions({{subject_alt_name, names},
                         {subject_alt_name, tlv(0x30,
                                                "\x82\x01"
                                                "b")}});
  const auto description = describe(forged.der());
  EXPECT_EQ(description.extensions.size(), 2U);
  EXPECT_THAT(description.subject_alt_names, ElementsAre("dns:a", "dns:b"));
}
TEST(HostileExtensionTest, ListsThoseOfASecondExtensionRequest) {
  // OpenSSL makes no second one, so a neighbouring attribute's OID is changed into it.
  ForgedRequest forged;
  forged.add_extensions({{subject_alt_name, tlv(0x30,
                                                "\x82\x01"
                                                "a")}});
  forged.add_attribute("1.2.840.113549.1.9.13", V_ASN1_SEQUENCE,
                       from_hex("300d300b0603551d11040430028200", "the test"));
  Bytes der = forged.der();
  const std::string neighbour("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0d", 9);
  der[std::string(as_text(der)).find(neighbour) + 8] = 0x0e;
  const Description description = describe(der);
  EXPECT_THAT(description.subject_alt_names, testing::UnorderedElementsAre("dns:a", "dns:"));
  EXPECT_THAT(description.notes, ElementsAre(testing::HasSubstr("there are 2 extension requests")));
}
TEST(HostileExtensionTest, EscapesControlCharactersInPrintedText) {
  const auto description =
      describe(ForgedRequest().add_extensions({{"2.16.840.1.113730.1.13", tlv(0x16, "a\x1b[2J")}}).der());
  EXPECT_EQ(description.extensions.at(0).name, "nsComment");
  EXPECT_EQ(description.extensions.at(0).text.find('\x1b'), std::string::npos);
}
TEST(HostileExtensionTest, CutsTheTextOfAHugeOneButKeepsItsValue) {
  Bytes huge = from_hex("0482ffff", "the test");
  huge.resize(huge.size() + 0xffff, 0xab);
  const auto description = describe(ForgedRequest().add_extensions({{"1.2.3.4", huge}}).der());
  EXPECT_EQ(description.extensions.at(0).value, huge);
  EXPECT_LT(description.extensions.at(0).text.size(), 4096U);
}
TEST(HostileExtensionTest, ShowsAKeyUsageWithoutBitsOrWithUnknownOnesAsHex) {
  const auto text = [](const char* value) {
    return describe(ForgedRequest().add_extensions({{"2.5.29.15", from_hex(value, "the test")}}).der())
        .extensions.at(0)
        .text;
  };
  EXPECT_EQ(text("030100"), "#030100");
  EXPECT_EQ(text("0303068040"), "digitalSignature, #0303068040");
  EXPECT_EQ(text("0303078080"), "digitalSignature, decipherOnly");
}
TEST(HostileExtensionTest, ShowsAllOfAKeyUsageThatIsTooLong) {
  const auto description =
      describe(ForgedRequest().add_extensions({{"2.5.29.15", from_hex("030500808000ff", "the test")}}).der());
  EXPECT_EQ(description.extensions.at(0).text, "digitalSignature, decipherOnly, #030500808000ff");
}
TEST(HostileExtensionTest, KeepsTheValueOfAPathLengthBeyondAllNumbers) {
  const auto value = from_hex("300e0101ff020900ffffffffffffffff", "the test");
  const auto huge = from_hex("300f0101ff020a00ffffffffffffffffff", "the test");
  EXPECT_EQ(describe(ForgedRequest().add_extensions({{"2.5.29.19", value}}).der()).extensions.at(0).text,
            "ca,pathlen=18446744073709551615");
  EXPECT_EQ(describe(ForgedRequest().add_extensions({{"2.5.29.19", huge}}).der()).extensions.at(0).value, huge);
}

TEST(AttributeTest, IsShownAsDer) {
  ForgedRequest forged;
  forged.add_attribute("1.2.840.113549.1.9.7", V_ASN1_UTF8STRING, as_bytes("secret"));
  const auto description = describe(forged.der());
  ASSERT_EQ(description.attributes.size(), 1U);
  EXPECT_EQ(description.attributes[0].name, "challengePassword");
  EXPECT_EQ(description.attributes[0].oid, "1.2.840.113549.1.9.7");
  EXPECT_THAT(description.attributes[0].values, ElementsAre(tlv(0x0c, "secret")));
}
TEST(AttributeTest, ShowsAnExtensionRequestWithoutAValue) {
  const auto description = describe(ForgedRequest().add_empty_attribute("1.2.840.113549.1.9.14").der());
  EXPECT_EQ(description.attributes.at(0).oid, "1.2.840.113549.1.9.14");
  EXPECT_TRUE(description.attributes.at(0).values.empty());
}
TEST(AttributeTest, ShowsAnExtensionRequestThatIsNotWellFormed) {
  ForgedRequest forged;
  forged.add_attribute("1.2.840.113549.1.9.14", V_ASN1_UTF8STRING, as_bytes("junk"));
  const auto description = describe(forged.der());
  EXPECT_TRUE(description.extensions.empty());
  EXPECT_THAT(description.attributes.at(0).values, ElementsAre(tlv(0x0c, "junk")));
}

}  // namespace
}  // namespace p11csr::x509
