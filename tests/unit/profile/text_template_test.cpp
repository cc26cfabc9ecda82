#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/profile/text_template.hpp>

#include "unit/model/thrown_error.hpp"

namespace p11csr::profile {
namespace {

using test::thrown_error;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(FieldValuesTest, KeepEverythingBehindTheFirstEqualsSign) {
  const auto values = FieldValues::parse({"host=a=b,c+d", "empty="});
  EXPECT_EQ(*values.find("host"), "a=b,c+d");
  EXPECT_EQ(*values.find("empty"), "");
  EXPECT_EQ(values.find("other"), nullptr);
}

TEST(FieldValuesTest, RefuseWhatIsNoAssignment) {
  for (const std::string text : {"host", "=web", "1host=web", "ho st=web", "", "hö=web"}) {
    const Error error = thrown_error([&] { return FieldValues::parse({text}); });
    EXPECT_EQ(error.code(), Errc::usage) << text;
    EXPECT_THAT(error.what(), HasSubstr("is not NAME=VALUE")) << text;
  }
}

TEST(FieldValuesTest, RefuseAFieldThatIsSetTwice) {
  EXPECT_THAT(thrown_error([] {
                return FieldValues::parse({"host=a", "host=b"});
              }).what(),
              HasSubstr("'host' is set twice"));
}

TEST(FieldValuesTest, WhatIsSetWinsOverWhatTheProgramFillsIn) {
  auto values = FieldValues::parse({"date=2001-01-01"});
  values.fill_in("date", "2026-11-23");
  values.fill_in("cn", "web");
  EXPECT_EQ(*values.find("date"), "2001-01-01");
  EXPECT_EQ(*values.find("cn"), "web");
  EXPECT_THAT(values.names(), ElementsAre("date"));
}

TEST(TextTemplateTest, PutsValuesInTheFieldsPlaces) {
  const auto text = TextTemplate::parse("{host}-{date}/{host}");
  EXPECT_EQ(text.fill(FieldValues::parse({"host=web", "date=today"})), "web-today/web");
  EXPECT_THAT(text.fields(), ElementsAre("host", "date"));
}

TEST(TextTemplateTest, WritesDoubledBracesOnce) {
  const auto text = TextTemplate::parse("{{{host}}} {{}}");
  EXPECT_EQ(text.fill(FieldValues::parse({"host=web"})), "{web} {}");
  EXPECT_FALSE(text.is_literal());
}

TEST(TextTemplateTest, DoesNotLookForFieldsInValues) {
  EXPECT_EQ(TextTemplate::parse("{a}{b}").fill(FieldValues::parse({"a={b}", "b=}{"})), "{b}}{");
}

TEST(TextTemplateTest, RefusesBracesWithoutPartnerAndNamesThatAreNone) {
  for (const std::string_view text : {"{", "}", "{host", "a}b", "{}", "{ho st}", "{1}", "{a{b}}"}) {
    EXPECT_EQ(thrown_error([&] { return TextTemplate::parse(text); }).code(), Errc::malformed_input) << text;
  }
}

TEST(TextTemplateTest, NamesTheFieldThatHasNoValue) {
  const Error error = thrown_error([] { return TextTemplate::parse("{host}").fill({}); });
  EXPECT_EQ(error.code(), Errc::usage);
  EXPECT_EQ(error.hint(), "--set host=VALUE");
}

}  // namespace
}  // namespace p11csr::profile
