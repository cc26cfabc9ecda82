#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/model/bytes.hpp>

#include "unit/model/thrown_error.hpp"

namespace p11csr {
namespace {

using test::thrown_error;
using testing::HasSubstr;

TEST(BytesTest, ViewsTextAsItsOctetsAndBack) {
  const std::string_view text("a\0\xff", 3);
  const ByteView view = as_bytes(text);
  EXPECT_EQ(Bytes(view.begin(), view.end()), (Bytes{0x61, 0x00, 0xff}));
  EXPECT_EQ(as_text(view), text);
}

TEST(BytesTest, WritesTwoLowerCaseDigitsAnOctet) {
  EXPECT_EQ(to_hex(Bytes{0x00, 0x0a, 0xFF}), "000aff");
  EXPECT_EQ(to_hex(Bytes{}), "");
}

TEST(BytesTest, ReadsHexadecimalOfEitherCase) { EXPECT_EQ(from_hex("01aFfA", "--id"), (Bytes{0x01, 0xaf, 0xfa})); }

TEST(BytesTest, ReadsNothingAsNoOctets) { EXPECT_TRUE(from_hex("", "--id").empty()); }

TEST(BytesTest, AllowsOneSeparatorBetweenOctets) { EXPECT_EQ(from_hex("01:af fa", "--id"), (Bytes{0x01, 0xaf, 0xfa})); }

TEST(BytesTest, RefusesSeparatorsElsewhere) {
  for (const std::string_view text : {":01", "01:", "01::02", "0:1", "01  02", " 01", ":"}) {
    EXPECT_EQ(thrown_error([&] { return from_hex(text, "--id"); }).code(), Errc::malformed_input) << text;
  }
}

TEST(BytesTest, RefusesAnOddNumberOfDigits) {
  EXPECT_STREQ(thrown_error([] { return from_hex("01a", "--id"); }).what(), "--id: '01a' has an odd number of digits");
}

TEST(BytesTest, RefusesOtherCharactersAndNamesWhatWasRead) {
  const Error error = thrown_error([] { return from_hex("0xab", "--id"); });
  EXPECT_EQ(error.code(), Errc::malformed_input);
  EXPECT_STREQ(error.what(), "--id: '0xab' is not hexadecimal");
  EXPECT_THAT(error.hint(), HasSubstr("01af"));
}

}  // namespace
}  // namespace p11csr
