#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/profile/name_template.hpp>

#include "unit/model/thrown_error.hpp"

namespace p11csr::profile {
namespace {

using test::thrown_error;
using testing::ElementsAre;
using testing::HasSubstr;

std::string filled(std::string_view name, const std::vector<std::string>& fields) {
  return SanTemplate::parse(name).fill(FieldValues::parse(fields));
}

TEST(SubjectTemplateTest, KeepsAValueInsideItsAttribute) {
  const auto name = SubjectTemplate::parse("CN={host},O=Example GmbH,C=DE");
  const Subject subject = name.fill(FieldValues::parse({"host=web, 01+O=Evil\\,CN=x\""}));
  ASSERT_EQ(subject.rdns().size(), 3U);
  EXPECT_EQ(subject.common_name(), "web, 01+O=Evil\\,CN=x\"");
}

TEST(SubjectTemplateTest, ReadsTheSlashForm) {
  const auto name = SubjectTemplate::parse("/C=DE/O=Example/CN={host}");
  EXPECT_EQ(name.fill(FieldValues::parse({"host=a/CN=b"})).to_string(), "CN=a/CN=b,O=Example,C=DE");
}

TEST(SubjectTemplateTest, ListsItsFieldsOnce) {
  EXPECT_THAT(SubjectTemplate::parse("CN={host}-{date}+UID={host},O=Example").fields(), ElementsAre("host", "date"));
}

TEST(SubjectTemplateTest, JudgesLiteralValuesWhenItIsRead) {
  EXPECT_THAT(thrown_error([] { return SubjectTemplate::parse("CN={host},C=Germany"); }).what(),
              HasSubstr("country code"));
}

TEST(SubjectTemplateTest, JudgesValuesOfFieldsWhenTheyAreFilled) {
  const auto name = SubjectTemplate::parse("CN=web,C={country}");
  EXPECT_EQ(name.fill(FieldValues::parse({"country=DE"})).to_string(), "CN=web,C=DE");
  EXPECT_EQ(thrown_error([&] { return name.fill(FieldValues::parse({"country=Germany"})); }).code(),
            Errc::malformed_input);
  EXPECT_EQ(thrown_error([&] { return name.fill(FieldValues::parse({"country="})); }).code(), Errc::malformed_input);
}

TEST(SubjectTemplateTest, RefusesAFieldInTheTypesPlace) {
  EXPECT_EQ(thrown_error([] { return SubjectTemplate::parse("{type}=web"); }).code(), Errc::malformed_input);
}

TEST(SanTemplateTest, FillsEveryKind) {
  EXPECT_EQ(filled("DNS:{host}.example.org", {"host=web"}), "dns:web.example.org");
  EXPECT_EQ(filled("ip:{ip}", {"ip=192.0.2.1"}), "ip:192.0.2.1");
  EXPECT_EQ(filled("email:{user}@example.org", {"user=a"}), "email:a@example.org");
  EXPECT_EQ(filled("upn:{user}@example.org", {"user=a"}), "upn:a@example.org");
  EXPECT_EQ(filled("rid:1.2.{arc}", {"arc=3"}), "rid:1.2.3");
  EXPECT_EQ(filled("othername:1.2.3;UTF8:{name}", {"name=a;b:c"}), "othername:1.2.3;UTF8:a;b:c");
}

TEST(SanTemplateTest, EncodesAValueThatIsPartOfAUri) {
  EXPECT_EQ(filled("uri:https://{host}/{path}", {"host=a.example", "path=x/y?z#ü"}),
            "uri:https://a.example/x%2Fy%3Fz%23%C3%BC");
}

TEST(SanTemplateTest, TakesAWholeUriAsItIs) {
  EXPECT_EQ(filled("uri:{uri}", {"uri=https://a.example/x?y"}), "uri:https://a.example/x?y");
}

TEST(SanTemplateTest, KeepsAValueInsideItsAttributeOfADirname) {
  EXPECT_EQ(filled("dirname:CN={name},O=Example", {"name=a,O=b+C=DE"}), "dirname:CN=a\\,O=b\\+C=DE,O=Example");
}

TEST(SanTemplateTest, RefusesAValueThatTheKindCannotHold) {
  for (const std::string value : {"host=a,dns:b", "host=", "host=a b", "host=a\nb"}) {
    EXPECT_EQ(thrown_error([&] { return filled("dns:{host}", {value}); }).code(), Errc::malformed_input) << value;
  }
}

TEST(SanTemplateTest, JudgesNamesWithoutFieldsWhenItIsRead) {
  for (const std::string_view name : {"dns:a b", "ip:1.2.3", "rid:web", "dirname:C=Germany", "othername:1.2.3;UTF8:",
                                      "othername:{oid};UTF8:a", "othername:1.2.3", "dns:", "web", "nds:web"}) {
    EXPECT_EQ(thrown_error([&] { return SanTemplate::parse(name); }).code(), Errc::malformed_input) << name;
  }
}

TEST(SanTemplateTest, NamesTheNearestKind) {
  EXPECT_EQ(thrown_error([] { return SanTemplate::parse("dnss:{host}"); }).hint(), "did you mean 'dns'?");
}

}  // namespace
}  // namespace p11csr::profile
