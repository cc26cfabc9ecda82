#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <sstream>

#include "wayward_fixture.hpp"

namespace p11csr::fault {
namespace {

using ::testing::HasSubstr;
using ::testing::KilledBySignal;

class AnswerTest : public WaywardTest {
 protected:
  [[nodiscard]] std::filesystem::path answers_file() const { return count_file().replace_filename("answers"); }

  [[nodiscard]] std::string answers() const {
    std::ostringstream text;
    text << std::ifstream(answers_file()).rdbuf();
    return text.str();
  }

  /// id_read_under reads CKA_ID, which is 01, of a public key into two octets, and gives them and the length.
  [[nodiscard]] std::pair<Bytes, CK_ULONG> id_read_under(const std::string& change) {
    start("wrong-answer=CKA_ID:" + change);
    const CK_SESSION_HANDLE session = open_and_log_in();
    Bytes room(2, 0xee);
    CK_ATTRIBUTE wanted = {CKA_ID, room.data(), room.size()};
    EXPECT_EQ(module().C_GetAttributeValue(session, make_key(session).public_key, &wanted, 1), CKR_OK);
    return {room, wanted.ulValueLen};
  }
};

using AnswerDeathTest = AnswerTest;
using ::testing::Pair;

TEST_F(AnswerTest, IsListedWithItsCallAndLength) {
  start("answers=" + answers_file().string());
  const CK_SESSION_HANDLE session = open_and_log_in();
  static_cast<void>(read(session, make_key(session).public_key, CKA_ID));
  finish();
  EXPECT_THAT(answers(), HasSubstr(" C_OpenSession session -\n"));
  EXPECT_THAT(answers(), HasSubstr(" C_GetAttributeValue CKA_ID 1\n"));
}

TEST_F(AnswerTest, ClaimsAnotherLength) {
  EXPECT_THAT(id_read_under("short"), Pair(Bytes{1, 0xee}, 0U));
  finish();
  EXPECT_THAT(id_read_under("long"), Pair(Bytes{1, 0xee}, 2U));
  finish();
  EXPECT_THAT(id_read_under("beyond-room"), Pair(Bytes{1, 0xee}, 3U));
  finish();
  EXPECT_THAT(id_read_under("minus-one"), Pair(Bytes{1, 0xee}, CK_UNAVAILABLE_INFORMATION));
}

TEST_F(AnswerTest, ChangesABitOfTheValueOnly) { EXPECT_THAT(id_read_under("last-bit"), Pair(Bytes{0, 0xee}, 1U)); }

TEST_F(AnswerTest, IsWrongAtItsPositionOnly) {
  // C_OpenSession tells the first answer that this test hears of, and the second session the next one.
  start("wrong-answer=2:empty");
  EXPECT_NE(open(), CK_SESSION_HANDLE{CK_INVALID_HANDLE});
  EXPECT_EQ(open(), CK_SESSION_HANDLE{CK_INVALID_HANDLE});
  EXPECT_NE(open(), CK_SESSION_HANDLE{CK_INVALID_HANDLE});
}

TEST_F(AnswerDeathTest, IsNotChangedInAnUnknownWay) {
  EXPECT_EXIT(start("wrong-answer=1:blue"), KilledBySignal(SIGABRT), "no change of an answer: 'blue'");
}

}  // namespace
}  // namespace p11csr::fault
