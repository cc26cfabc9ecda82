#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/model/request_spec.hpp>

#include "unit/model/thrown_error.hpp"

namespace p11csr {
namespace {

using test::thrown_error;
using testing::HasSubstr;

ExtensionRequest with_names(std::initializer_list<std::string_view> names) {
  ExtensionRequest extensions;
  for (const auto name : names) extensions.subject_alt_names.push_back(parse_general_name(name));
  return extensions;
}

Error refusal(const ExtensionRequest& extensions, std::string_view subject = "CN=web-01") {
  Error error = thrown_error([&] { return RequestSpec(Subject::parse(subject), extensions); });
  EXPECT_EQ(error.code(), Errc::malformed_input);
  return error;
}

TEST(RequestSpecTest, TakesASubjectAlone) {
  const RequestSpec spec(Subject::parse("CN=web-01"), {});
  EXPECT_EQ(spec.subject().common_name(), "web-01");
}

TEST(RequestSpecTest, TakesANameWithoutASubject) {
  const RequestSpec spec({}, with_names({"dns:web-01.example"}));
  EXPECT_EQ(spec.extensions().subject_alt_names.size(), 1U);
}

TEST(RequestSpecTest, RefusesToNameNobody) {
  EXPECT_THAT(refusal({}, "").what(), HasSubstr("names nobody"));
  ExtensionRequest extensions;
  extensions.key_usage = KeyUsage::parse("digitalSignature");
  EXPECT_THAT(refusal(extensions, "").what(), HasSubstr("names nobody"));
}

TEST(RequestSpecTest, TakesACriticalRawSubjectAltNameWithoutASubject) {
  ExtensionRequest extensions;
  extensions.raw = {RawExtension::parse("2.5.29.17,critical=hex:3003820161")};
  EXPECT_EQ(RequestSpec({}, extensions).extensions().raw.size(), 1U);
}

TEST(RequestSpecTest, DemandsThatARawSubjectAltNameIsCriticalWithoutASubject) {
  ExtensionRequest extensions;
  extensions.raw = {RawExtension::parse("2.5.29.17=hex:3003820161")};
  EXPECT_THAT(refusal(extensions, "").hint(), HasSubstr("2.5.29.17,critical="));
  EXPECT_NO_THROW(RequestSpec(Subject::parse("CN=web-01"), extensions));
}

TEST(RequestSpecTest, TellsMailboxesApartByTheCaseOfAQuotedLocalPart) {
  EXPECT_NO_THROW(RequestSpec({}, with_names({"email:\"a@B\"@example.org", "email:\"a@b\"@example.org"})));
  EXPECT_THAT(refusal(with_names({"email:\"a@b\"@example.org", "email:\"a@b\"@EXAMPLE.org"})).what(),
              HasSubstr("given twice"));
}

TEST(RequestSpecTest, RefusesANameGivenTwice) {
  const Error error = refusal(with_names({"dns:a.example", "ip:::1", "dns:a.example"}));
  EXPECT_STREQ(error.what(), "the subject alternative name 'dns:a.example' is given twice");
}

TEST(RequestSpecTest, RefusesNamesThatDifferInTheCaseOfADomainOnly) {
  refusal(with_names({"dns:a.example", "dns:A.Example"}));
  refusal(with_names({"email:a@example.org", "email:a@EXAMPLE.org"}));
  refusal(with_names({"ip:2001:db8::1", "ip:2001:DB8:0::1"}));
}

TEST(RequestSpecTest, KeepsNamesApartThatDifferOtherwise) {
  const RequestSpec spec({}, with_names({"email:a@example.org", "email:A@example.org", "upn:a@example.org", "uri:x:a",
                                         "uri:x:A", "dns:a.example", "dns:*.a.example"}));
  EXPECT_EQ(spec.extensions().subject_alt_names.size(), 7U);
}

TEST(RequestSpecTest, RefusesARawExtensionGivenTwice) {
  ExtensionRequest extensions;
  extensions.raw = {RawExtension::parse("1.2.3.4=hex:0500"), RawExtension::parse("1.2.3.4,critical=asn1:NULL")};
  EXPECT_STREQ(refusal(extensions).what(), "the extension '1.2.3.4' is given twice");
}

TEST(RequestSpecTest, RefusesARawExtensionThatAFlagGivesToo) {
  ExtensionRequest extensions = with_names({"dns:a.example"});
  extensions.key_usage = KeyUsage::parse("digitalSignature");
  extensions.extended_key_usage = ExtendedKeyUsage::parse("serverAuth");
  extensions.basic_constraints = BasicConstraints::parse("end-entity");
  for (const std::string oid : {"2.5.29.17", "2.5.29.15", "2.5.29.37", "2.5.29.19"}) {
    extensions.raw = {RawExtension::parse(oid + "=hex:0500")};
    EXPECT_THAT(refusal(extensions).what(), HasSubstr(oid)) << oid;
  }
}

TEST(RequestSpecTest, TakesARawExtensionThatNoFlagGives) {
  ExtensionRequest extensions;
  extensions.raw = {RawExtension::parse("2.5.29.15,critical=hex:03020780")};
  EXPECT_EQ(RequestSpec(Subject::parse("CN=a"), extensions).extensions().raw.size(), 1U);
}

TEST(RequestSpecTest, RefusesAPathLengthWithoutCa) {
  ExtensionRequest extensions;
  extensions.basic_constraints = BasicConstraints{false, 1};
  refusal(extensions);
}

}  // namespace
}  // namespace p11csr
