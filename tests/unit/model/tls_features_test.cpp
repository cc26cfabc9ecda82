#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/model/extension_request.hpp>

#include "unit/model/thrown_error.hpp"

namespace p11csr {
namespace {

using test::thrown_error;
using testing::ElementsAre;

TEST(TlsFeaturesTest, AreNamesOrNumbersInTheOrderGiven) {
  EXPECT_THAT(TlsFeatures::parse("status_request_v2,STATUS_REQUEST,65535").numbers(), ElementsAre(17, 5, 65535));
  EXPECT_EQ(tls_feature_name(5), "status_request");
  EXPECT_EQ(tls_feature_name(6), "6");
}

TEST(TlsFeaturesTest, RefuseUnknownRepeatedAndEmptyOnes) {
  for (const std::string_view list : {"", ",", "5,", "status_request,5", "65536", "-1", "5 ", "ocsp"})
    EXPECT_EQ(thrown_error([&] { return TlsFeatures::parse(list); }).code(), Errc::malformed_input) << list;
  EXPECT_EQ(thrown_error([&] { return TlsFeatures::parse("status_requst"); }).hint(), "did you mean 'status_request'?");
}

TEST(CertificatePolicyTest, IsAnOidWithAPracticeStatement) {
  EXPECT_EQ(CertificatePolicy::parse("2.23.140.1.2.1").oid.dotted(), "2.23.140.1.2.1");
  EXPECT_EQ(CertificatePolicy::parse("1.2.3,cps=https://a.example/x,y").practice_statement, "https://a.example/x,y");
}

TEST(CertificatePolicyTest, RefusesEverythingElse) {
  for (const std::string_view text :
       {"", "policy", "1.2.3,", "1.2.3,cps=", "1.2.3,notice=x", "1.2.3,cps=https://ä.example", "1.2.3,cps=hello",
        "1.2.3,cps=http://", "1.2.3,cps=https://a b.example/"})
    EXPECT_EQ(thrown_error([&] { return CertificatePolicy::parse(text); }).code(), Errc::malformed_input) << text;
}

}  // namespace
}  // namespace p11csr
