#include "pkcs11/interface.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace p11csr::pkcs11 {
namespace {

struct Asked {
  std::string name;
  unsigned major;
  unsigned minor;
  friend bool operator==(const Asked&, const Asked&) = default;
};

/// FakeModule is what C_GetInterface answers from, since that is a plain function.
struct FakeModule {
  std::vector<Asked> asked;
  unsigned minor = 0;       // the interface that there is: 3.minor
  unsigned list_major = 3;  // what the list says of itself
  bool gives_list = true;
};
FakeModule* module_there = nullptr;

CK_RV get_interface(unsigned char* name, CK_VERSION* version, Interface** interface, CK_FLAGS flags) {
  static CK_FUNCTION_LIST list{};
  static Interface only{};
  FakeModule& module = *module_there;
  module.asked.push_back({reinterpret_cast<const char*>(name), version->major, version->minor});
  if (flags != 0 || version->major != 3 || version->minor != module.minor) return CKR_ARGUMENTS_BAD;
  list.version = {static_cast<CK_BYTE>(module.list_major), static_cast<CK_BYTE>(module.minor)};
  only.function_list = module.gives_list ? &list : nullptr;
  *interface = &only;
  return CKR_OK;
}

CK_FUNCTION_LIST* list_of(FakeModule& module) {
  module_there = &module;
  return interface_list(&get_interface);
}

TEST(InterfaceTest, IsAskedForInVersion32First) {
  FakeModule module{.asked = {}, .minor = 2};
  const CK_FUNCTION_LIST* list = list_of(module);
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(list->version.minor, 2);
  EXPECT_EQ(module.asked, (std::vector<Asked>{{"PKCS 11", 3, 2}}));
}
TEST(InterfaceTest, IsAskedForInVersion30Then) {
  FakeModule module{.asked = {}, .minor = 0};
  const CK_FUNCTION_LIST* list = list_of(module);
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(list->version.minor, 0);
  EXPECT_EQ(module.asked, (std::vector<Asked>{{"PKCS 11", 3, 2}, {"PKCS 11", 3, 0}}));
}
TEST(InterfaceTest, IsNoneWhereTheModuleHasOthersOnly) {
  FakeModule module{.asked = {}, .minor = 1};
  EXPECT_EQ(list_of(module), nullptr);
}
TEST(InterfaceTest, IsNoneWhereTheListIsMissingOrOfAnotherVersion) {
  FakeModule without{.asked = {}, .minor = 2, .list_major = 3, .gives_list = false};
  EXPECT_EQ(list_of(without), nullptr);
  FakeModule old{.asked = {}, .minor = 2, .list_major = 2};
  EXPECT_EQ(list_of(old), nullptr);
}

}  // namespace
}  // namespace p11csr::pkcs11
