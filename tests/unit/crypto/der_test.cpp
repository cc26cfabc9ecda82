#include "crypto/der.hpp"

#include <gtest/gtest.h>

#include "unit/crypto/error_of.hpp"

namespace p11csr::crypto {
namespace {

using test::error_of;

std::string refusal(std::string_view hex) {
  const Bytes der = from_hex(hex, "the test");
  const Error error = error_of([&] {
    check_der(der, "the value");
    return 0;
  });
  EXPECT_EQ(error.code(), Errc::malformed_input);
  return error.what();
}

void accept(std::string_view hex) {
  const Bytes der = from_hex(hex, "the test");
  EXPECT_NO_THROW(check_der(der, "the value")) << hex;
}

TEST(CheckDerTest, AcceptsElementsInsideElements) { accept("3008020101a1030c0161"); }
TEST(CheckDerTest, AcceptsAnEmptySequence) { accept("3000"); }
TEST(CheckDerTest, AcceptsALongLength) { accept("048180" + std::string(256, '0')); }
TEST(CheckDerTest, AcceptsAHighTagNumber) { accept("9f1f00"); }
TEST(CheckDerTest, LeavesTheContentOfOctetStringsAlone) { accept("0402ffff"); }

TEST(CheckDerTest, RefusesNothing) { EXPECT_EQ(refusal(""), "the value is cut short"); }
TEST(CheckDerTest, RefusesAMissingLength) { EXPECT_EQ(refusal("30"), "the value is cut short"); }
TEST(CheckDerTest, RefusesContentThatEndsEarly) { EXPECT_EQ(refusal("040300"), "the value is cut short"); }
TEST(CheckDerTest, RefusesASecondElement) { EXPECT_EQ(refusal("05000500"), "the value has 2 bytes behind its end"); }
TEST(CheckDerTest, RefusesIndefiniteLength) {
  EXPECT_EQ(refusal("30800000"), "the value has an element of indefinite length");
}
TEST(CheckDerTest, RefusesALengthOfTwoOctetsWhereOneDoes) {
  EXPECT_EQ(refusal("048101ff"), "the value has a length that is not minimal");
}
TEST(CheckDerTest, RefusesALengthWithALeadingZero) {
  EXPECT_EQ(refusal("04820080" + std::string(256, '0')), "the value has a length that is not minimal");
}
TEST(CheckDerTest, RefusesALengthThatNoInputHas) {
  EXPECT_EQ(refusal("0488ffffffffffffffff"), "the value has an element that is longer than the input");
}
TEST(CheckDerTest, RefusesAFourOctetLengthBeyondTheInput) {
  EXPECT_EQ(refusal("0484ffffffff00"), "the value is cut short");
}
TEST(CheckDerTest, RefusesALowTagNumberInTheHighForm) {
  EXPECT_EQ(refusal("9f1e00"), "the value has a tag number that is not minimal");
}
TEST(CheckDerTest, RefusesATagNumberWithoutEnd) {
  EXPECT_EQ(refusal("9fffffffffff00"), "the value has a tag number that is too large");
}
TEST(CheckDerTest, RefusesAnInnerElementThatLeavesItsParent) {
  EXPECT_EQ(refusal("30030402ff"), "the value is cut short");
}
TEST(CheckDerTest, RefusesContentThatItsTypeForbids) {
  for (const char* hex : {"010101", "01020000", "0200", "02020001", "0202ff80", "0300", "030108", "03020101", "050100",
                          "0600", "06022a80", "0603802a01", "1000", "2400", "0000"}) {
    EXPECT_NE(refusal(hex).find("whose content is not DER"), std::string::npos) << hex;
  }
}
TEST(CheckDerTest, RefusesBottomlessNesting) {
  std::string hex = "3000";
  for (std::size_t size = 2; size < 100; size += 2) {
    hex = "30" + to_hex(Bytes{static_cast<std::uint8_t>(size)}) + hex;
  }
  EXPECT_EQ(refusal(hex), "the value is nested more than 32 levels deep");
}

TEST(DerReaderTest, SaysWhichElementIsDue) {
  const Bytes der = from_hex("0500", "the test");
  const Error error = error_of([&] { return DerReader(der, "the key").expect(DerTag::sequence); });
  EXPECT_STREQ(error.what(), "the key has an element 0x05 where 0x30 is due");
}

TEST(UnsignedIntegerTest, DropsTheSignOctet) {
  const Bytes content = {0x00, 0x80};
  const auto number = unsigned_integer(content);
  ASSERT_TRUE(number);
  EXPECT_EQ(to_hex(*number), "80");
}

TEST(UnsignedIntegerTest, IsEmptyForANegativeNumber) {
  const Bytes content = {0x80};
  EXPECT_FALSE(unsigned_integer(content));
}

}  // namespace
}  // namespace p11csr::crypto
