#include <array>
#include <gtest/gtest.h>

#include <p11csr/model/error.hpp>
#include <p11csr/profile/merge.hpp>

#include "unit/profile/profile_from.hpp"
#include "unit/property.hpp"

namespace p11csr::profile {
namespace {

using p11csr::test::any_text;
using p11csr::test::holds;
using test::profile_from;

constexpr std::string_view toml = R"(subject = "CN={a}+UID=x{b},OU={b},O=Example"
rdns.fixed = "L={a},C=DE"
label = "{a}-{b}"
[san]
names = ["dns:{a}", "email:{b}@example.org", "upn:{a}@{b}", "uri:https://{a}/{b}", "othername:1.2.3;UTF8:{a}{b}"]
)";

std::vector<std::size_t> shape_of(const Subject& subject) {
  std::vector<std::size_t> shape;
  shape.reserve(subject.rdns().size());
  for (const auto& rdn : subject.rdns()) shape.push_back(rdn.size());
  return shape;
}

FieldValues values_of(const std::string& a, const std::string& b) { return FieldValues::parse({"a=" + a, "b=" + b}); }

TEST(MergePropertyTest, NoValueOfAFieldChangesTheNumberOfAttributesOrNames) {
  const Profile whole = profile_from(toml);
  // The names judge their values strictly, so the subject is looked at by itself too.
  Profile only_subject = whole;
  only_subject.san_names.reset();
  EXPECT_TRUE(holds("attributes and names are counted by the profile", [&] {
    const FieldValues fields = values_of(*any_text(), *any_text());
    for (const Profile* profile : std::array<const Profile*, 2>{&whole, &only_subject}) {
      try {
        const auto request = merge(*profile, {}, fields);
        RC_ASSERT(shape_of(request.subject.value) == std::vector<std::size_t>({1, 1, 1, 1, 2}));
        RC_ASSERT(request.san.size() == (profile->san_names ? 5U : 0U));
        RC_ASSERT(Subject::parse(request.subject.value.to_string()) == request.subject.value);
        RC_TAG("made");
      } catch (const Error& error) {
        RC_ASSERT(error.code() == Errc::malformed_input);
        RC_TAG("refused");
      }
    }
  }));
}

TEST(MergePropertyTest, NoValueOfAFieldChangesTheNumberOfAttributesOfADirname) {
  const auto name = SanTemplate::parse("dirname:CN={a}+UID={b},O={b},C=DE");
  EXPECT_TRUE(holds("a dirname keeps its shape", [&] {
    try {
      const std::string text = name.fill(values_of(*any_text(), *any_text()));
      RC_ASSERT(shape_of(Subject::parse(text.substr(text.find(':') + 1))) == std::vector<std::size_t>({1, 1, 2}));
    } catch (const Error& error) {
      RC_ASSERT(error.code() == Errc::malformed_input);
    }
  }));
}

TEST(MergePropertyTest, AValueIsFoundUnchangedInItsAttribute) {
  const Profile profile = profile_from("subject = \"CN={a},O=Example\"");
  EXPECT_TRUE(holds("the common name is the value", [&] {
    const std::string text = *any_text();
    try {
      const auto request = merge(profile, {}, FieldValues::parse({"a=" + text}));
      RC_ASSERT(request.subject.value.common_name() == text);
    } catch (const Error& error) {
      RC_ASSERT(error.code() == Errc::malformed_input);
    }
  }));
}

}  // namespace
}  // namespace p11csr::profile
