#include <algorithm>
#include <gtest/gtest.h>
#include <type_traits>
#include <utility>

#include <p11csr/model/secret.hpp>

namespace p11csr {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret> && std::is_nothrow_move_assignable_v<Secret>);

TEST(SecretTest, StartsEmpty) {
  const Secret secret(8);
  EXPECT_TRUE(secret.empty());
  EXPECT_EQ(secret.capacity(), 8U);
  EXPECT_TRUE(secret.view().empty());
}

TEST(SecretTest, CopiesTextWithAllItsOctets) {
  const Secret secret = Secret::from_text(std::string_view("12\0004", 4));
  EXPECT_EQ(as_text(secret.view()), std::string_view("12\0004", 4));
}

TEST(SecretTest, MayHoldNothing) { EXPECT_TRUE(Secret::from_text("").empty()); }

TEST(SecretTest, CountsWhatWasWrittenIntoItsBuffer) {
  Secret secret(8);
  std::fill(secret.buffer().begin(), secret.buffer().end(), std::uint8_t{'7'});
  secret.set_size(3);
  EXPECT_EQ(as_text(secret.view()), "777");
}

TEST(SecretTest, WipesWhatDoesNotCount) {
  Secret secret(8);
  std::fill(secret.buffer().begin(), secret.buffer().end(), std::uint8_t{'7'});
  secret.set_size(3);
  const auto buffer = secret.buffer();
  EXPECT_EQ(Bytes(buffer.begin(), buffer.end()), (Bytes{'7', '7', '7', 0, 0, 0, 0, 0}));
}

TEST(SecretTest, CountsItsCapacityAtMost) {
  Secret secret(4);
  secret.set_size(9);
  EXPECT_EQ(secret.size(), 4U);
}

TEST(SecretTest, LeavesNothingBehindWhenMovedFrom) {
  Secret source = Secret::from_text("1234");
  const Secret target = std::move(source);
  EXPECT_EQ(as_text(target.view()), "1234");
  EXPECT_TRUE(source.empty());  // NOLINT(bugprone-use-after-move): that is the promise
  EXPECT_EQ(source.capacity(), 0U);
  EXPECT_TRUE(source.buffer().empty());
}

TEST(SecretTest, ReplacesItsContentWhenAssigned) {
  Secret target = Secret::from_text("old secret");
  target = Secret::from_text("new");
  EXPECT_EQ(as_text(target.view()), "new");
  EXPECT_EQ(target.capacity(), 3U);
}

TEST(SecretTest, IsWholeAfterAssigningItselfToItself) {
  Secret secret = Secret::from_text("1234");
  Secret& same = secret;
  secret = std::move(same);
  EXPECT_EQ(as_text(secret.view()), "1234");
}

TEST(SecretTest, DoesNotMoveItsStorageWhenItsSizeChanges) {
  Secret secret(16);
  const auto* before = secret.buffer().data();
  secret.set_size(16);
  secret.set_size(0);
  EXPECT_EQ(secret.buffer().data(), before);
}

TEST(WipeTest, OverwritesEveryCharacter) {
  std::string memory = "1234";
  wipe(memory);
  EXPECT_EQ(memory, std::string(4, '\0'));
}

TEST(WipeTest, TakesEmptyMemory) { wipe({}); }

}  // namespace
}  // namespace p11csr
