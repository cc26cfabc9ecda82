#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/profile/site_defaults.hpp>

#include "unit/cli/scratch_folder.hpp"
#include "unit/model/thrown_error.hpp"

namespace p11csr::profile {
namespace {

using test::ScratchFolder;
using test::thrown_error;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Error refusal(std::string_view text) {
  Error error = thrown_error([&] { return parse_site_defaults(text, "config.toml"); });
  EXPECT_EQ(error.code(), Errc::malformed_input) << text;
  return error;
}

TEST(SiteDefaultsTest, ReadEveryKeyAndRememberItsLine) {
  const auto defaults = parse_site_defaults(
      "module = \"/usr/lib/softhsm/libsofthsm2.so\"\nmodule_args = \"configDir='/x'\"\ntoken = \"pkcs11:token=a\"\n"
      "pin_source = \"credential:pin\"\nprofile = \"tls-server\"\nprofile_folders = [\"/srv/a\", \"/srv/b\"]\n",
      "config.toml");
  EXPECT_EQ(defaults.module->value, "/usr/lib/softhsm/libsofthsm2.so");
  EXPECT_EQ(defaults.module_args->value, "configDir='/x'");
  EXPECT_EQ(defaults.token->value, "pkcs11:token=a");
  EXPECT_EQ(defaults.pin_source->value, "credential:pin");
  EXPECT_EQ(defaults.profile->origin.text(), "config.toml:5");
  EXPECT_THAT(defaults.profile_folders->value, ElementsAre("/srv/a", "/srv/b"));
}

TEST(SiteDefaultsTest, NameTheNearestKey) {
  const Error error = refusal("\nmodul = \"x\"\n");
  EXPECT_STREQ(error.what(), "config.toml:2:1: unknown key 'modul'");
  EXPECT_EQ(error.hint(), "did you mean 'module'?");
}

TEST(SiteDefaultsTest, HoldNoPin) {
  for (const std::string_view text : {"pin = \"246810\"", "user_pin = 246810", "pin_source = \"246810\"",
                                      "token = \"pkcs11:token=a?PIN-value=246810\""}) {
    EXPECT_THAT(refusal(text).what(), AllOf(HasSubstr("PIN"), Not(HasSubstr("246810")))) << text;
  }
}

TEST(SiteDefaultsTest, RefuseFoldersThatDependOnWhereOneIs) {
  EXPECT_THAT(refusal("profile_folders = [\"profiles\"]").what(), HasSubstr("config.toml:1:20: profile_folders: "));
}

TEST(SiteDefaultsTest, ThePersonsGoOverTheMachines) {
  const ScratchFolder scratch;
  std::filesystem::create_directories(scratch.file("etc/p11csr"));
  std::filesystem::create_directories(scratch.file("xdg/p11csr"));
  std::ofstream(scratch.file("etc/p11csr/config.toml")) << "token = \"machine\"\nmodule = \"/machine.so\"\n";
  std::ofstream(scratch.file("xdg/p11csr/config.toml")) << "token = \"person\"\n";
  const auto defaults = read_site_defaults({scratch.file("xdg"), std::nullopt, scratch.file("etc")});
  EXPECT_EQ(defaults.token->value, "person");
  EXPECT_EQ(defaults.token->origin.text(), scratch.file("xdg/p11csr/config.toml") + ":1");
  EXPECT_EQ(defaults.module->origin.text(), scratch.file("etc/p11csr/config.toml") + ":2");
}

TEST(SiteDefaultsTest, NoFileIsNoError) {
  const ScratchFolder scratch;
  EXPECT_FALSE(read_site_defaults({std::nullopt, std::nullopt, scratch.file("etc")}).module.has_value());
}

TEST(SiteDefaultsTest, AFileThatCannotBeReadIsAnError) {
  const ScratchFolder scratch;
  std::filesystem::create_directories(scratch.file("etc/p11csr/config.toml"));
  EXPECT_EQ(thrown_error([&] {
              return read_site_defaults({std::nullopt, std::nullopt, scratch.file("etc")});
            }).code(),
            Errc::file_failed);
}

}  // namespace
}  // namespace p11csr::profile
