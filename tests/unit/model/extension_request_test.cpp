#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/model/extension_request.hpp>

#include "unit/model/thrown_error.hpp"

namespace p11csr {
namespace {

using test::thrown_error;
using testing::ElementsAre;
using testing::HasSubstr;

template <typename Parsed>
Error refusal(std::string_view text) {
  Error error = thrown_error([&] { return Parsed::parse(text); });
  EXPECT_EQ(error.code(), Errc::malformed_input) << text;
  return error;
}

std::vector<std::string> purposes(std::string_view list) {
  std::vector<std::string> dotted;
  const auto usage = ExtendedKeyUsage::parse(list);
  for (const auto& purpose : usage.purposes()) dotted.push_back(purpose.dotted());
  return dotted;
}

TEST(KeyUsageTest, GivesBitsInBitOrder) {
  EXPECT_THAT(KeyUsage::parse("keyCertSign, DIGITALSIGNATURE ,crlsign").bits(),
              ElementsAre(KeyUsageBit::digital_signature, KeyUsageBit::key_cert_sign, KeyUsageBit::crl_sign));
}

TEST(KeyUsageTest, ReadsTheNameOfEveryBit) {
  for (int bit = 0; bit <= 8; ++bit) {
    const auto expected = static_cast<KeyUsageBit>(bit);
    EXPECT_THAT(KeyUsage::parse(key_usage_name(expected)).bits(), ElementsAre(expected));
  }
}

TEST(KeyUsageTest, ReadsNonRepudiationAsContentCommitment) {
  EXPECT_THAT(KeyUsage::parse("nonRepudiation").bits(), ElementsAre(KeyUsageBit::content_commitment));
  EXPECT_EQ(key_usage_name(KeyUsageBit::content_commitment), "contentCommitment");
}

TEST(KeyUsageTest, NamesTheNearestForATypo) {
  const Error error = refusal<KeyUsage>("digitalSignatur");
  EXPECT_STREQ(error.what(), "unknown key usage 'digitalSignatur'");
  EXPECT_EQ(error.hint(), "did you mean 'digitalSignature'?");
  EXPECT_THAT(refusal<KeyUsage>("signing-things").hint(), HasSubstr("keyCertSign, cRLSign"));
}

TEST(KeyUsageTest, RefusesRepeatedAndEmptyNames) {
  for (const std::string_view list :
       {"", ",", "digitalSignature,", ",digitalSignature", "cRLSign,cRLSign", "contentCommitment,nonRepudiation"}) {
    refusal<KeyUsage>(list);
  }
}

TEST(ExtendedKeyUsageTest, KeepsTheOrderGiven) {
  EXPECT_THAT(purposes("clientAuth, serverauth,1.2.3.4"),
              ElementsAre("1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1", "1.2.3.4"));
}

TEST(ExtendedKeyUsageTest, KnowsTheUsualPurposes) {
  EXPECT_THAT(purposes("codeSigning,emailProtection,timeStamping,OCSPSigning,ipsecIKE"),
              ElementsAre("1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9",
                          "1.3.6.1.5.5.7.3.17"));
  EXPECT_THAT(
      purposes("anyExtendedKeyUsage,pkInitKDC,pkInitClientAuth,documentSigning,msEFS"),
      ElementsAre("2.5.29.37.0", "1.3.6.1.5.2.3.5", "1.3.6.1.5.2.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.311.10.3.4"));
}

TEST(ExtendedKeyUsageTest, ReadsEveryNameOfSmartcardLogon) {
  for (const std::string_view name : {"msSmartcardLogon", "msSmartcardLogin", "smartcardLogon"}) {
    EXPECT_THAT(purposes(name), ElementsAre("1.3.6.1.4.1.311.20.2.2"));
  }
  EXPECT_EQ(purpose_name(Oid::parse("1.3.6.1.4.1.311.20.2.2")), "msSmartcardLogon");
}

TEST(ExtendedKeyUsageTest, NamesTheNearestForATypo) {
  EXPECT_EQ(refusal<ExtendedKeyUsage>("serverAut").hint(), "did you mean 'serverAuth'?");
  EXPECT_THAT(refusal<ExtendedKeyUsage>("banana").hint(), HasSubstr("dotted object identifier"));
}

TEST(ExtendedKeyUsageTest, RefusesRepeatedAndEmptyPurposes) {
  for (const std::string_view list : {"", ",", "serverAuth,", "serverAuth,serverAuth", "serverAuth,1.3.6.1.5.5.7.3.1",
                                      "smartcardLogon,msSmartcardLogin", "1.2.03"}) {
    refusal<ExtendedKeyUsage>(list);
  }
}

TEST(PurposeNameTest, GivesTheOidWhereThereIsNoName) {
  EXPECT_EQ(purpose_name(Oid::parse("1.3.6.1.5.5.7.3.1")), "serverAuth");
  EXPECT_EQ(purpose_name(Oid::parse("1.2.3.4")), "1.2.3.4");
}

TEST(BasicConstraintsTest, ReadsACa) {
  for (const std::string_view text : {"ca", "CA", "ca:true", "CA:TRUE"}) {
    const auto constraints = BasicConstraints::parse(text);
    EXPECT_TRUE(constraints.ca) << text;
    EXPECT_FALSE(constraints.path_length) << text;
  }
}

TEST(BasicConstraintsTest, ReadsAPathLength) {
  for (const std::string_view text : {"ca,pathlen=0", "ca, pathlen=0", "CA:TRUE,pathlen:0"}) {
    EXPECT_EQ(BasicConstraints::parse(text).path_length, 0U) << text;
  }
}

TEST(BasicConstraintsTest, ReadsAnEndEntity) {
  EXPECT_FALSE(BasicConstraints::parse("ca:false").ca);
  EXPECT_FALSE(BasicConstraints::parse("end-entity").ca);
}

TEST(BasicConstraintsTest, RefusesAPathLengthWithoutCa) {
  EXPECT_THAT(refusal<BasicConstraints>("ca:false,pathlen=0").what(), HasSubstr("without ca"));
}

TEST(BasicConstraintsTest, RefusesAnythingElse) {
  for (const std::string_view text :
       {"", ",", "yes", "ca,", "ca,pathlen", "ca,pathlen=", "ca,pathlen=-1", "ca,pathlen=x", "ca,pathlen=99999999999",
        "ca,pathlen=1,pathlen=2", "pathlen=1", "ca,depth=1"}) {
    refusal<BasicConstraints>(text);
  }
}

TEST(RawExtensionTest, ReadsDer) {
  const auto extension = RawExtension::parse("1.2.3.4=hex:05:00");
  EXPECT_EQ(extension.oid.dotted(), "1.2.3.4");
  EXPECT_FALSE(extension.critical);
  EXPECT_TRUE(extension.is_der);
  EXPECT_EQ(extension.der, (Bytes{0x05, 0x00}));
}

TEST(RawExtensionTest, ReadsAsn1Text) {
  const auto extension = RawExtension::parse("1.2.3.4,critical=asn1:UTF8:a=b,c:d");
  EXPECT_TRUE(extension.critical);
  EXPECT_FALSE(extension.is_der);
  EXPECT_EQ(extension.asn1, "UTF8:a=b,c:d");
}

TEST(RawExtensionTest, RefusesAnythingElse) {
  for (const std::string_view text :
       {"", "1.2.3.4", "1.2.3.4=", "=hex:0500", "1.2.3.4=hex:", "1.2.3.4=hex:0", "1.2.3.4=hex:zz", "1.2.3.4=0500",
        "1.2.3.4=der:0500", "1.2.3.4=asn1:", "1.2.3.4=asn1:UTF8:a\nb", "1.2.3.4,=hex:0500", "1.2.3.4,urgent=hex:0500",
        "1.2.3.4,critical,critical=hex:0500", "foo=hex:0500"}) {
    refusal<RawExtension>(text);
  }
}

}  // namespace
}  // namespace p11csr
