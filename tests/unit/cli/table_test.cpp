#include "cli/table.hpp"

#include <gtest/gtest.h>

namespace p11csr::cli {
namespace {

TEST(TableTest, AlignsColumnsByCharactersNotOctets) {
  Table table({"LABEL", "ID"});
  table.add({"Müller", "01"});
  table.add({"a", "02"});
  EXPECT_EQ(table.text(), "LABEL   ID\nMüller  01\na       02\n");
}
TEST(TableTest, ShowsADashForAnEmptyCell) {
  Table table({"LABEL", "ID"});
  table.add({"", "01"});
  EXPECT_EQ(table.text(), "LABEL  ID\n-      01\n");
}
TEST(TableTest, IsEmptyWithoutRows) { EXPECT_EQ(Table({"LABEL"}).text(), ""); }
TEST(TableTest, KeepsARowOnItsLine) {
  Table table({"LABEL"});
  table.add({"a\nb\x1b"});
  EXPECT_EQ(table.text(), "LABEL\na\\x0ab\\x1b\n");
}

}  // namespace
}  // namespace p11csr::cli
