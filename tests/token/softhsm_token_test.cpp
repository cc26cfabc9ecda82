#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

#include <p11csr/model/error.hpp>
#include <p11csr/workflow/keys.hpp>
#include <p11csr/workflow/set_up_token.hpp>

#include "pkcs11/cryptoki.hpp"
#include "token_test.hpp"

namespace p11csr::token {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe)) text += static_cast<char>(c);
  pclose(pipe);
  return text;
}

TEST(SoftHsmTokenTest, MakesATokenInAFolderOfItsOwn) {
  const SoftHsmToken token({.label = "tok-a"});
  EXPECT_EQ(token.info().label, "tok-a");
  EXPECT_TRUE(token.info().user_pin_initialized);
  EXPECT_EQ(token.tokens().size(), 1);
  EXPECT_EQ(variable("SOFTHSM2_CONF"), token.folder() + "/softhsm2.conf");
}

TEST(SoftHsmTokenTest, IsFoundByPrograms) {
  const SoftHsmToken token;
  EXPECT_EQ(output_of("echo $P11CSR_MODULE $P11CSR_TOKEN $P11CSR_PIN_SOURCE $P11CSR_SANDBOX"),
            token.module_path() + " " + token.info().uri + " file:" + token.folder() + "/pin " + token.folder() + "\n");
}

TEST(SoftHsmTokenTest, HasTheKeysThatWereAskedFor) {
  const SoftHsmToken token({.keys = {{parse_key_spec("ec:P-256"), "web-01"}, {parse_key_spec("rsa:2048"), "old"}}});
  EXPECT_EQ(workflow::show_key(token.choice(), {}, "web-01", token.surroundings()).key.algorithm, "EC P-256");
  EXPECT_EQ(workflow::show_key(token.choice(), {}, "old", token.surroundings()).key.algorithm, "RSA 2048");
}

TEST(SoftHsmTokenTest, RefusesToBeNone) {
  try {
    const SoftHsmToken token({.tokens = 0});
    FAIL() << "it was made";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::usage);
  }
  EXPECT_NO_THROW(SoftHsmToken());
}

TEST(SoftHsmTokenTest, KeepsSeveralTokensInOneFolderUnderTheirSlots) {
  const SoftHsmToken token({.label = "tok", .tokens = 3});
  ASSERT_EQ(token.tokens().size(), 3);
  EXPECT_EQ(token.tokens()[0].label, "tok-1");
  EXPECT_EQ(token.tokens()[2].label, "tok-3");
  workflow::TokenChoice any;
  any.module = token.module_path();
  for (const TokenInfo& seen : workflow::list_tokens(any, {})) {
    const auto same = [&seen](const TokenInfo& made) { return made.serial == seen.serial; };
    const auto made = std::find_if(token.tokens().begin(), token.tokens().end(), same);
    if (!seen.initialized) continue;
    ASSERT_NE(made, token.tokens().end());
    EXPECT_EQ(made->slot_id, seen.slot_id);
  }
}

TEST(SoftHsmTokenTest, KnowsThePinOfItsOfficer) {
  const SoftHsmToken token;
  const auto new_pin = [](const TokenInfo&) { return Secret::from_text("4711"); };
  EXPECT_NO_THROW(static_cast<void>(workflow::unblock_pin(token.choice(), {}, new_pin, token.surroundings())));
  EXPECT_THROW(static_cast<void>(workflow::show_key(token.choice(), {}, "any", token.surroundings())), Error);
}

TEST(SoftHsmTokenTest, LeavesNothingBehind) {
  ::setenv("SOFTHSM2_CONF", "/nowhere/softhsm2.conf", 1);
  ::unsetenv("P11CSR_TOKEN");
  std::filesystem::path folder;
  {
    const SoftHsmToken token;
    folder = token.folder();
    std::ofstream(folder / "of-a-test") << "x";
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_EQ(variable("SOFTHSM2_CONF"), "/nowhere/softhsm2.conf");
  EXPECT_EQ(std::getenv("P11CSR_TOKEN"), nullptr);
  ::unsetenv("SOFTHSM2_CONF");
}

TEST(SoftHsmTokenTest, IsTheOnlyOneOfItsProcess) {
  {
    const SoftHsmToken token;
    EXPECT_THROW(SoftHsmToken(), std::logic_error);
    EXPECT_EQ(variable("P11CSR_SANDBOX"), token.folder());
  }
  EXPECT_NO_THROW(SoftHsmToken());
}

TEST(SoftHsmTokenTest, LeavesNothingWhereItCannotBeMade) {
  const std::filesystem::path place = ::testing::TempDir() + "place";
  std::filesystem::create_directory(place);
  ::setenv("TMPDIR", place.c_str(), 1);
  EXPECT_THROW(SoftHsmToken({.module = "/nowhere.so"}), Error);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(place), {}), 0);
  EXPECT_EQ(variable("SOFTHSM2_CONF"), "");
  EXPECT_NO_THROW(SoftHsmToken());
  ::unsetenv("TMPDIR");
  std::filesystem::remove(place);
}

// As a death test's child does, whose objects of static storage end with it.
TEST(SoftHsmTokenTest, IsNotRemovedByACopyOfItsProcess) {
  auto token = std::make_unique<SoftHsmToken>();
  const pid_t child = fork();
  if (child == 0) {
    token.reset();
    _exit(0);
  }
  ASSERT_GT(child, 0);
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(std::filesystem::exists(token->folder() + "/softhsm2.conf"));
}

/// Started has SoftHSM2 read a configuration of its own, as a test's other code may do.
class Started {
 public:
  explicit Started(const std::string& module) : library_(dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    const auto get = reinterpret_cast<CK_C_GetFunctionList>(dlsym(library_, "C_GetFunctionList"));
    if (get(&functions_) != CKR_OK || functions_->C_Initialize(nullptr) != CKR_OK) std::abort();
  }
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;
  ~Started() {
    functions_->C_Finalize(nullptr);
    dlclose(library_);
  }

 private:
  void* library_;
  CK_FUNCTION_LIST* functions_ = nullptr;
};

TEST(SoftHsmTokenTest, IsNotMadeAmongTokensThatTheProcessUsesAlready) {
  const std::string module = SoftHsmToken().module_path();
  const std::filesystem::path place = ::testing::TempDir() + "own";
  std::filesystem::create_directories(place / "tokens");
  std::ofstream(place / "softhsm2.conf") << "directories.tokendir = " << (place / "tokens").string() << "\n";
  ::setenv("SOFTHSM2_CONF", (place / "softhsm2.conf").c_str(), 1);
  {
    const Started started(module);
    EXPECT_THROW(SoftHsmToken(), Error);
  }
  EXPECT_TRUE(std::filesystem::is_empty(place / "tokens"));
  ::unsetenv("SOFTHSM2_CONF");
  std::filesystem::remove_all(place);
  EXPECT_NO_THROW(SoftHsmToken());
}

TEST_F(TokenTest, HasATokenAndBothModules) {
  EXPECT_EQ(token().info().label, "tok-a");
  EXPECT_TRUE(std::filesystem::exists(token().module_path()));
  EXPECT_TRUE(std::filesystem::exists(wayward_path()));
}

}  // namespace
}  // namespace p11csr::token
