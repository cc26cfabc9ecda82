#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/model/pin_source.hpp>

#include "unit/model/thrown_error.hpp"

namespace p11csr {
namespace {

using test::thrown_error;
using testing::HasSubstr;
using testing::Not;

Error refusal(std::string_view text) {
  Error error = thrown_error([&] { return parse_pin_source(text); });
  EXPECT_EQ(error.code(), Errc::usage) << text;
  EXPECT_THAT(error.hint(), HasSubstr("prompt, env:NAME, file:PATH, fd:N, command:CMD, credential:NAME"));
  return error;
}

TEST(PinSourceTest, ReadsEveryKind) {
  EXPECT_TRUE(std::holds_alternative<PinFromPrompt>(parse_pin_source("prompt")));
  EXPECT_EQ(std::get<PinFromEnvironment>(parse_pin_source("env:_MY_PIN2")).name, "_MY_PIN2");
  EXPECT_EQ(std::get<PinFromFile>(parse_pin_source("file:/run/a:b c")).path, "/run/a:b c");
  EXPECT_EQ(std::get<PinFromDescriptor>(parse_pin_source("fd:0")).fd, 0);
  EXPECT_EQ(std::get<PinFromDescriptor>(parse_pin_source("fd:2147483647")).fd, 2147483647);
  EXPECT_EQ(std::get<PinFromCommand>(parse_pin_source("command:pass show hsm")).command, "pass show hsm");
  EXPECT_EQ(std::get<PinFromCredential>(parse_pin_source("credential:hsm.pin")).name, "hsm.pin");
}

TEST(PinSourceTest, QuotesNothingOfAnUnknownKind) {
  for (const std::string_view text : {"48151623", "48151623:x", "pin:48151623", " prompt48151623", ":48151623"}) {
    const Error error = refusal(text);
    EXPECT_THAT(error.what(), Not(HasSubstr("48151623"))) << text;
    EXPECT_THAT(error.hint(), Not(HasSubstr("48151623"))) << text;
  }
}

TEST(PinSourceTest, QuotesNothingBehindAKnownKind) {
  for (const std::string_view text :
       {"env:48151623", "env:a-48151623", "fd:48151623x", "prompt:48151623", "credential:../48151623"}) {
    const Error error = refusal(text);
    EXPECT_THAT(error.what(), Not(HasSubstr("48151623"))) << text;
    EXPECT_THAT(error.hint(), Not(HasSubstr("48151623"))) << text;
  }
}

TEST(PinSourceTest, RefusesAKindWithNothingBehind) {
  for (const std::string_view text :
       {"", "env", "env:", "file", "file:", "fd:", "command:", "credential:", "prompt:"}) {
    refusal(text);
  }
}

TEST(PinSourceTest, RefusesWhatIsNoDescriptor) {
  for (const std::string_view text : {"fd:-1", "fd:+1", "fd: 1", "fd:2147483648", "fd:x"}) refusal(text);
}

TEST(PinSourceTest, RefusesWhatIsNoVariableName) {
  for (const std::string_view text : {"env:1A", "env:A=B", "env:A B", "env:Ä"}) refusal(text);
}

TEST(PinSourceTest, RefusesACredentialThatLeavesItsDirectory) {
  for (const std::string_view text : {"credential:..", "credential:.", "credential:a/b", "credential:/a"})
    refusal(text);
}

TEST(PinSourceTest, RefusesANulCharacter) { refusal(std::string_view("file:a\0b", 8)); }

TEST(PinSourceTest, IsNamedInErrorsAfterTheSecretThatItGives) {
  const auto refusal = [](std::string_view text) {
    return test::thrown_error([text] { return parse_pin_source(text, "challenge password"); });
  };
  EXPECT_STREQ(refusal("secret").what(), "the challenge password source is of no known kind");
  EXPECT_THAT(refusal("secret").hint(), testing::EndsWith("a challenge password itself is never an argument"));
  EXPECT_STREQ(refusal("prompt:x").what(), "the challenge password source 'prompt' takes nothing behind it");
  EXPECT_STREQ(refusal("env:").what(), "the challenge password source 'env' needs something behind 'env:'");
}

}  // namespace
}  // namespace p11csr
