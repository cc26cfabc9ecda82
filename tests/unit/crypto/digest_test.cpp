#include <gtest/gtest.h>

#include <p11csr/crypto/digest.hpp>

namespace p11csr::crypto {
namespace {

// FIPS 180-4 examples: the message "abc".
TEST(DigestTest, HashesWithSha256) {
  EXPECT_EQ(to_hex(digest(Digest::sha256, as_bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
TEST(DigestTest, HashesWithSha384) {
  EXPECT_EQ(to_hex(digest(Digest::sha384, as_bytes("abc"))),
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
}
TEST(DigestTest, HashesWithSha512) {
  EXPECT_EQ(to_hex(digest(Digest::sha512, as_bytes("abc"))),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}
TEST(DigestTest, HashesNothing) {
  EXPECT_EQ(to_hex(digest(Digest::sha256, {})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(RandomBytesTest, GivesAsManyAsAskedFor) {
  EXPECT_EQ(random_bytes(20).size(), 20U);
  EXPECT_TRUE(random_bytes(0).empty());
}
TEST(RandomBytesTest, GivesOthersEachTime) { EXPECT_NE(random_bytes(20), random_bytes(20)); }

}  // namespace
}  // namespace p11csr::crypto
