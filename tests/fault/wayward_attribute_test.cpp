#include <cstring>
#include <gmock/gmock.h>
#include <memory>
#include <openssl/ec.h>

#include "wayward_fixture.hpp"

namespace p11csr::fault {
namespace {

using ::testing::Optional;

class AttributeTest : public WaywardTest {
 protected:
  /// bare_point is a P-256 point as SoftHSM2 has it, without the DER OCTET STRING around it.
  [[nodiscard]] Bytes bare_point(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key) const {
    Bytes value(67);
    CK_ATTRIBUTE attribute = {CKA_EC_POINT, value.data(), value.size()};
    EXPECT_EQ(backend().C_GetAttributeValue(session, key, &attribute, 1), CKR_OK);
    return {value.begin() + 2, value.end()};
  }
};
Bytes tagged(Bytes head, const Bytes& content) {
  head.insert(head.end(), content.begin(), content.end());
  return head;
}

TEST_F(AttributeTest, LiesAboutTheOrderedClassOnly) {
  start("lie=private:CKA_EXTRACTABLE:true;lie=private:CKA_ID:hex:0a0B;lie=private:CKA_KEY_GEN_MECHANISM:ulong:77");
  const CK_SESSION_HANDLE session = open_and_log_in();
  const Pair pair = make_key(session);
  EXPECT_THAT(read(session, pair.private_key, CKA_EXTRACTABLE), Optional(Bytes{CK_TRUE}));
  EXPECT_THAT(read(session, pair.private_key, CKA_ID), Optional(Bytes{0x0a, 0x0b}));
  EXPECT_THAT(read(session, pair.public_key, CKA_ID), Optional(Bytes{1}));
  CK_ULONG mechanism = 0;
  const auto octets = read(session, pair.private_key, CKA_KEY_GEN_MECHANISM);
  ASSERT_THAT(octets, Optional(::testing::SizeIs(sizeof mechanism)));
  std::memcpy(&mechanism, octets->data(), sizeof mechanism);
  EXPECT_EQ(mechanism, 77U);
}

TEST_F(AttributeTest, LiesWhenAskedForTheLengthToo) {
  start("lie=public:CKA_ID:hex:010203;lie=public:CKA_LABEL:length:1000000");
  const CK_SESSION_HANDLE session = open_and_log_in();
  const Pair pair = make_key(session);
  std::vector<CK_ATTRIBUTE> wanted = {{CKA_ID, nullptr, 0}, {CKA_LABEL, nullptr, 0}};
  ASSERT_EQ(module().C_GetAttributeValue(session, pair.public_key, wanted.data(), 2), CKR_OK);
  EXPECT_EQ(wanted[0].ulValueLen, 3U);
  EXPECT_EQ(wanted[1].ulValueLen, 1000000U);
}

TEST_F(AttributeTest, SaysTooSmallWhenALieDoesNotFit) {
  start("lie=public:CKA_ID:hex:010203");
  const CK_SESSION_HANDLE session = open_and_log_in();
  const Pair pair = make_key(session);
  Bytes room(2, 0xee);
  CK_ATTRIBUTE wanted = {CKA_ID, room.data(), room.size()};
  EXPECT_EQ(module().C_GetAttributeValue(session, pair.public_key, &wanted, 1), CKR_BUFFER_TOO_SMALL);
  EXPECT_EQ(room, Bytes(2, 0xee));
}

TEST_F(AttributeTest, MayBeAbsentWhileTheOthersAreRead) {
  start("lie=private:CKA_SENSITIVE:absent");
  const CK_SESSION_HANDLE session = open_and_log_in();
  const Pair pair = make_key(session);
  CK_BBOOL sensitive = 9;
  CK_BBOOL sign = 9;
  std::vector<CK_ATTRIBUTE> wanted = {{CKA_SENSITIVE, &sensitive, 1}, {CKA_SIGN, &sign, 1}};
  EXPECT_EQ(module().C_GetAttributeValue(session, pair.private_key, wanted.data(), 2), CKR_ATTRIBUTE_TYPE_INVALID);
  EXPECT_EQ(wanted[0].ulValueLen, CK_UNAVAILABLE_INFORMATION);
  EXPECT_EQ(sign, CK_TRUE);
}

TEST_F(AttributeTest, EndsTheReadingWhereOneIsUnknown) {
  start("stop-reading-at-unknown;lie=private:CKA_SENSITIVE:absent");
  const CK_SESSION_HANDLE session = open_and_log_in();
  const Pair pair = make_key(session);
  CK_BBOOL sensitive = 9;
  CK_BBOOL sign = 9;
  std::vector<CK_ATTRIBUTE> wanted = {{CKA_SENSITIVE, &sensitive, 1}, {CKA_SIGN, &sign, 1}};
  EXPECT_EQ(module().C_GetAttributeValue(session, pair.private_key, wanted.data(), 2), CKR_ATTRIBUTE_TYPE_INVALID);
  EXPECT_EQ(wanted[1].ulValueLen, 1U);
  EXPECT_EQ(sign, 9);
}

TEST_F(AttributeTest, GivesThePointAsAnOctetString) {
  start("point=octet");
  const CK_SESSION_HANDLE session = open_and_log_in();
  const Pair pair = make_key(session);
  EXPECT_THAT(read(session, pair.public_key, CKA_EC_POINT),
              Optional(tagged({0x04, 0x41}, bare_point(session, pair.public_key))));
}

TEST_F(AttributeTest, GivesThePointBare) {
  start("point=raw");
  const CK_SESSION_HANDLE session = open_and_log_in();
  const Pair pair = make_key(session);
  EXPECT_THAT(read(session, pair.public_key, CKA_EC_POINT), Optional(bare_point(session, pair.public_key)));
}

TEST_F(AttributeTest, GivesThePointAsABitString) {
  start("point=bitstring");
  const CK_SESSION_HANDLE session = open_and_log_in();
  const Pair pair = make_key(session);
  EXPECT_THAT(read(session, pair.public_key, CKA_EC_POINT),
              Optional(tagged({0x03, 0x42, 0x00}, bare_point(session, pair.public_key))));
}

TEST_F(AttributeTest, NamesTheCurveAsAPrintableString) {
  start("params=printable");
  const CK_SESSION_HANDLE session = open_and_log_in();
  const std::string name = "prime256v1";
  EXPECT_THAT(read(session, make_key(session).public_key, CKA_EC_PARAMS),
              Optional(tagged({0x13, 0x0a}, Bytes(name.begin(), name.end()))));
}

TEST_F(AttributeTest, SpellsTheCurveOutAsExplicitParameters) {
  start("params=explicit");
  const CK_SESSION_HANDLE session = open_and_log_in();
  const Bytes parameters = read(session, make_key(session).public_key, CKA_EC_PARAMS).value_or(Bytes());
  const unsigned char* at = parameters.data();
  const std::unique_ptr<EC_GROUP, decltype(&EC_GROUP_free)> group(
      d2i_ECPKParameters(nullptr, &at, static_cast<long>(parameters.size())), &EC_GROUP_free);
  ASSERT_NE(group, nullptr);
  EXPECT_EQ(EC_GROUP_get_asn1_flag(group.get()), OPENSSL_EC_EXPLICIT_CURVE);
}

}  // namespace
}  // namespace p11csr::fault
