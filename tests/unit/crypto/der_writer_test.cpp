#include "crypto/der_writer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "unit/crypto/error_of.hpp"

namespace p11csr::crypto {
namespace {

RC_GTEST_PROP(DerWriterTest, WritesWhatTheReaderReadsBack, (const Bytes& first, const Bytes& second)) {
  const Bytes element = der_element(DerTag::octet_string, {first, second});
  DerReader reader(element, "the test");
  const DerElement read = reader.expect(DerTag::octet_string);
  reader.finish();
  Bytes both = first;
  both.insert(both.end(), second.begin(), second.end());
  RC_ASSERT(Bytes(read.content.begin(), read.content.end()) == both);
}
TEST(DerWriterTest, TakesTheFewestOctetsForALength) {
  const auto header = [](std::size_t length) {
    const Bytes content(length);
    Bytes element = der_element(DerTag::octet_string, {content});
    element.resize(element.size() - length);
    return to_hex(element);
  };
  EXPECT_EQ(header(0), "0400");
  EXPECT_EQ(header(0x7f), "047f");
  EXPECT_EQ(header(0x80), "048180");
  EXPECT_EQ(header(0xff), "0481ff");
  EXPECT_EQ(header(0x100), "04820100");
  EXPECT_EQ(header(0x10000), "0483010000");
}
TEST(DerWriterTest, SortsASetByItsOctets) {
  const Bytes longer = from_hex("04020000", "the test");
  const Bytes shorter = from_hex("040101", "the test");
  EXPECT_EQ(to_hex(der_set(DerTag::set, {longer, shorter})),
            "3107"
            "040101"
            "04020000");
}
TEST(DerWriterTest, WritesArcsOfEverySize) {
  EXPECT_EQ(to_hex(der_oid(Oid::parse("2.5.4.3"))), "0603550403");
  EXPECT_EQ(to_hex(der_oid(Oid::parse("2.999.1.2.3"))), "06058837010203");
}
TEST(DerWriterTest, RefusesAnOidThatIsTooLong) {
  std::string dotted = "1.2";
  for (int i = 0; i < 200; ++i) dotted += ".16383";
  EXPECT_EQ(test::error_of([&] { return der_oid(Oid::parse(dotted)); }).code(), Errc::malformed_input);
}

}  // namespace
}  // namespace p11csr::crypto
