#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/model/request_attributes.hpp>

#include "unit/model/thrown_error.hpp"

namespace p11csr {
namespace {

using test::thrown_error;
using testing::HasSubstr;
using testing::Not;

Error refused_password(std::string_view password) {
  return thrown_error([&] { return RequestAttributes(std::nullopt, Secret::from_text(password)); });
}

TEST(RequestAttributesTest, AreEmptyWhereNothingIsGiven) {
  EXPECT_TRUE(RequestAttributes().empty());
  EXPECT_TRUE(RequestAttributes(std::nullopt, std::nullopt).empty());
  EXPECT_FALSE(RequestAttributes("web", std::nullopt).empty());
  EXPECT_FALSE(RequestAttributes(std::nullopt, Secret::from_text("p")).empty());
}

TEST(RequestAttributesTest, HaveOneTo255Characters) {
  const std::string longest = [] {
    std::string text;
    for (int i = 0; i < 255; ++i) text += "ü";
    return text;
  }();
  EXPECT_EQ(RequestAttributes(longest, Secret::from_text(longest)).unstructured_name(), longest);
  EXPECT_THAT(refused_password(longest + "x").what(), HasSubstr("255 is the most"));
  EXPECT_THAT(refused_password("").what(), HasSubstr("is empty"));
  EXPECT_EQ(thrown_error([&] { return RequestAttributes(longest + "x", std::nullopt); }).code(), Errc::malformed_input);
  EXPECT_EQ(thrown_error([&] { return RequestAttributes("", std::nullopt); }).code(), Errc::malformed_input);
}

TEST(RequestAttributesTest, NeverQuoteThePassword) {
  for (const std::string_view password : {"open\nsesame", "open\xffsesame"}) {
    const Error error = refused_password(password);
    EXPECT_EQ(error.code(), Errc::malformed_input);
    EXPECT_THAT(std::string(error.what()) + error.hint(), Not(HasSubstr("sesame")));
  }
}

}  // namespace
}  // namespace p11csr
