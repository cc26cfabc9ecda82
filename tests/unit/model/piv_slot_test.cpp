#include <gtest/gtest.h>

#include <p11csr/model/error.hpp>
#include <p11csr/model/piv_slot.hpp>

namespace p11csr {
namespace {

TEST(PivSlotTest, HasTheIdThatEveryModuleGivesIt) {
  EXPECT_EQ(id_of_piv_slot("9a"), Bytes{1});
  EXPECT_EQ(id_of_piv_slot("9C"), Bytes{2});
  EXPECT_EQ(id_of_piv_slot("9d"), Bytes{3});
  EXPECT_EQ(id_of_piv_slot("9e"), Bytes{4});
  EXPECT_EQ(id_of_piv_slot("82"), Bytes{5});
  EXPECT_EQ(id_of_piv_slot("86"), Bytes{9});
}

TEST(PivSlotTest, IsRefusedWhereModulesDisagree) {
  for (const char* slot : {"87", "8d", "95"}) EXPECT_THROW(static_cast<void>(id_of_piv_slot(slot)), Error) << slot;
  try {
    static_cast<void>(id_of_piv_slot("87"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.hint().find("--id 0a (ykcs11), or --id 10 (OpenSC)"), std::string::npos) << error.hint();
  }
}

TEST(PivSlotTest, IsRefusedWhereItIsNone) {
  for (const char* slot : {"", "9", "9b", "f9", "81", "96", "9aa", "0x9a", "-1", " 9a"})
    EXPECT_THROW(static_cast<void>(id_of_piv_slot(slot)), Error) << slot;
}

}  // namespace
}  // namespace p11csr
