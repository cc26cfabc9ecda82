#include <gtest/gtest.h>

#include <p11csr/x509/certificate.hpp>

namespace p11csr::x509 {
namespace {

Description document(const std::string& subject, const std::vector<std::string>& names) {
  Description result;
  result.subject = subject;
  result.subject_alt_names = names;
  return result;
}

ExtensionDescription key_usage(Bytes value, bool critical = true) {
  return {"2.5.29.15", "keyUsage", critical, "digitalSignature", std::move(value)};
}

TEST(CompareIssuedTest, SaysNothingOfACertificateThatIsWhatWasAskedFor) {
  auto request = document("CN=a", {"dns:a", "dns:b"});
  request.extensions.push_back(key_usage({1}));
  auto certificate = document("CN=a", {"dns:b", "dns:a"});
  certificate.extensions.push_back(key_usage({1}));
  certificate.extensions.push_back({"2.5.29.35", "authorityKeyIdentifier", false, "", {2}});
  EXPECT_TRUE(compare_issued(request, certificate).empty());
}

TEST(CompareIssuedTest, NamesEachNameThatWasDroppedOrAdded) {
  const auto changes =
      compare_issued(document("CN=a", {"dns:a", "dns:b"}), document("CN=a", {"dns:b", "ip:192.0.2.1"}));
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].requested, "dns:a");
  EXPECT_EQ(changes[0].issued, "");
  EXPECT_EQ(changes[1].requested, "");
  EXPECT_EQ(changes[1].issued, "ip:192.0.2.1");
}

TEST(CompareIssuedTest, SeesAnotherSubject) {
  const auto changes = compare_issued(document("CN=a", {}), document("CN=b", {}));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].what, "subject");
}

TEST(CompareIssuedTest, SeesAnExtensionThatIsNoLongerCritical) {
  auto request = document("CN=a", {});
  request.extensions.push_back(key_usage({1}));
  auto certificate = document("CN=a", {});
  certificate.extensions.push_back(key_usage({1}, false));
  const auto changes = compare_issued(request, certificate);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].requested, "critical, digitalSignature");
  EXPECT_EQ(changes[0].issued, "digitalSignature");
}

TEST(CompareIssuedTest, SeesAUsageThatNobodyAskedFor) {
  auto certificate = document("CN=a", {});
  certificate.extensions.push_back(key_usage({1}));
  const auto changes = compare_issued(document("CN=a", {}), certificate);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].what, "keyUsage");
  EXPECT_EQ(changes[0].requested, "");
}

}  // namespace
}  // namespace p11csr::x509
