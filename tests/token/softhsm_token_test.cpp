#include <cstdlib>
#include <iterator>

#include "token_test.hpp"

namespace p11csr::token {
namespace {

using support::SoftHsmToken;

std::ptrdiff_t tokens_in(const SoftHsmToken& token) {
  return std::distance(std::filesystem::directory_iterator(token.folder() / "tokens"), {});
}

TEST(SoftHsmTokenTest, MakesATokenInAFolderOfItsOwn) {
  const SoftHsmToken token("tok-a");
  EXPECT_EQ(token.label(), "tok-a");
  EXPECT_EQ(tokens_in(token), 1);
  EXPECT_EQ(std::getenv("SOFTHSM2_CONF"), (token.folder() / "softhsm2.conf").string());
}

TEST(SoftHsmTokenTest, KeepsSeveralTokensInOneFolder) {
  SoftHsmToken token("tok-a");
  token.add_token("tok-b");
  EXPECT_EQ(tokens_in(token), 2);
}

TEST(SoftHsmTokenTest, LeavesNothingBehind) {
  ::setenv("SOFTHSM2_CONF", "/nowhere/softhsm2.conf", 1);
  std::filesystem::path folder;
  {
    const SoftHsmToken token("tok-a");
    folder = token.folder();
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_STREQ(std::getenv("SOFTHSM2_CONF"), "/nowhere/softhsm2.conf");
  ::unsetenv("SOFTHSM2_CONF");
}

TEST_F(TokenTest, HasATokenAndBothModules) {
  EXPECT_EQ(softhsm().label(), "tok-a");
  EXPECT_TRUE(std::filesystem::exists(module_path()));
  EXPECT_TRUE(std::filesystem::exists(wayward_path()));
}

}  // namespace
}  // namespace p11csr::token
