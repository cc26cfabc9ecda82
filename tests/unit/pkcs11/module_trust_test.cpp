#include "pkcs11/module_trust.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <p11csr/model/error.hpp>

#include "unit/cli/scratch_folder.hpp"

namespace p11csr::pkcs11 {
namespace {

constexpr uid_t kNobody = 65534;
constexpr std::uint8_t kReader = 5;
constexpr std::uint8_t kWriter = 7;

/// ModuleTrustTest has a folder of this user's with a module in it.
class ModuleTrustTest : public testing::Test {
 protected:
  ModuleTrustTest() {
    std::filesystem::create_directory(path("inner"));
    std::ofstream(path("inner/mod.so")) << "a module";
    set_mode("inner", 0755);
    set_mode("inner/mod.so", 0755);
  }

  /// path is without links, wherever the folder for temporary files really is.
  [[nodiscard]] std::string path(const std::string& name) const {
    return std::filesystem::canonical(folder_.file(".")).string() + "/" + name;
  }
  void set_mode(const std::string& name, mode_t mode) const { ASSERT_EQ(chmod(path(name).c_str(), mode), 0); }
  /// give hands a file or link to another user or group; only root can.
  void give(const std::string& name, uid_t user, gid_t group) const {
    ASSERT_EQ(lchown(path(name).c_str(), user, group), 0);
  }
  /// give_by_list lets another user do what `permissions` (of 7) say, by an access control list
  /// (linux/posix_acl_xattr.h).
  void give_by_list(const std::string& name, std::uint8_t permissions) const {
    std::string list("\2\0\0\0", 4);
    const auto add = [&list](char tag, std::uint8_t may, std::uint32_t who) {
      list += {tag, '\0', static_cast<char>(may), '\0'};
      for (int octet = 0; octet < 4; ++octet, who >>= 8U) list += static_cast<char>(who & 0xffU);
    };
    constexpr std::uint32_t nobody_named = 0xffffffff;
    add(0x01, 7, nobody_named);
    add(0x02, permissions, kNobody);
    add(0x04, kReader, nobody_named);
    add(0x10, permissions, nobody_named);
    add(0x20, kReader, nobody_named);
    ASSERT_EQ(setxattr(path(name).c_str(), "system.posix_acl_access", list.data(), list.size(), 0), 0);
  }
  /// objection is what trusted_path says against the module; empty where it is trusted.
  [[nodiscard]] std::string objection(const std::string& name = "inner/mod.so") const {
    try {
      static_cast<void>(trusted_path(path(name)));
      return {};
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::module_unusable);
      return error.what();
    }
  }

 private:
  test::ScratchFolder folder_;
};

/// ForeignModuleTest is about what others own.
class ForeignModuleTest : public ModuleTrustTest {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "only root can make files that belong to others";
  }
};

constexpr const char* kNobodys = "belongs to another user (uid 65534)";
constexpr const char* kGroups = "the group 65534 can write to";

TEST_F(ModuleTrustTest, GivesThePathWithoutLinks) {
  std::filesystem::create_symlink("inner/../inner", path("link"));
  EXPECT_EQ(trusted_path(path("link/./mod.so")), path("inner/mod.so"));
  EXPECT_EQ(trusted_path(path("inner/../link/../inner/mod.so")), path("inner/mod.so"));
}

TEST_F(ModuleTrustTest, AcceptsWhatItsOwnGroupCanWriteTo) {
  set_mode("inner", 0775);
  set_mode("inner/mod.so", 0775);
  EXPECT_EQ(objection(), "");
}

TEST_F(ModuleTrustTest, RefusesWhatAnAccessControlListLetsOthersWriteTo) {
  for (const char* const name : {"inner/mod.so", "inner"}) {
    give_by_list(name, kWriter);
    EXPECT_NE(objection().find("an access control list lets others write to"), std::string::npos) << name;
    give_by_list(name, kReader);
    EXPECT_EQ(objection(), "") << name;
  }
}

TEST_F(ForeignModuleTest, RefusesAFileOfAnotherUser) {
  give("inner/mod.so", kNobody, 0);
  EXPECT_NE(objection().find(kNobodys), std::string::npos) << objection();
}

TEST_F(ForeignModuleTest, RefusesAFolderOfAnotherUser) {
  give("inner", kNobody, 0);
  EXPECT_NE(objection().find(kNobodys), std::string::npos) << objection();
}

TEST_F(ForeignModuleTest, RefusesAFileThatAnotherGroupCanWriteTo) {
  give("inner/mod.so", 0, kNobody);
  EXPECT_EQ(objection(), "");
  set_mode("inner/mod.so", 0775);
  EXPECT_NE(objection().find(kGroups), std::string::npos) << objection();
}

TEST_F(ForeignModuleTest, RefusesAFolderThatAnotherGroupCanWriteTo) {
  give("inner", 0, kNobody);
  EXPECT_EQ(objection(), "");
  set_mode("inner", 0775);
  EXPECT_NE(objection().find(kGroups), std::string::npos) << objection();
}

TEST_F(ForeignModuleTest, RefusesWhatAnotherUserHasInAStickyFolder) {
  set_mode("inner", 01777);
  EXPECT_EQ(objection(), "");
  give("inner/mod.so", kNobody, 0);
  EXPECT_NE(objection().find("everybody can write to"), std::string::npos) << objection();
}

TEST_F(ForeignModuleTest, RefusesALinkOfAnotherUserInAStickyFolder) {
  std::filesystem::create_directory(path("open"));
  std::filesystem::create_symlink("../inner/mod.so", path("open/link.so"));
  set_mode("open", 01777);
  EXPECT_EQ(objection("open/link.so"), "");
  give("open/link.so", kNobody, 0);
  EXPECT_NE(objection("open/link.so").find("everybody can write to"), std::string::npos) << objection("open/link.so");
}

TEST_F(ForeignModuleTest, RefusesAStickyFolderOfAnotherUserWhoCanReplaceWhatIsInIt) {
  set_mode("inner", 01777);
  give("inner", kNobody, 0);
  EXPECT_NE(objection().find(kNobodys), std::string::npos) << objection();
}

}  // namespace
}  // namespace p11csr::pkcs11
