#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <sys/resource.h>
#include <type_traits>
#include <unistd.h>
#include <utility>

#include <p11csr/model/secret.hpp>

namespace p11csr {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret> && std::is_nothrow_move_assignable_v<Secret>);

// The flags of the mapping that an address is in, as proc_pid_smaps(5) has them: " rd wr lo dd ".
std::string memory_flags(const void* address) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream smaps("/proc/self/smaps");
  bool inside = false;
  for (std::string line; std::getline(smaps, line);) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    std::istringstream range(line);
    if (range >> std::hex >> begin >> dash >> end && dash == '-') inside = begin <= wanted && wanted < end;
    if (inside && line.rfind("VmFlags:", 0) == 0) return line.substr(8) + " ";
  }
  return {};
}

bool has_flag(const std::string& flags, const char* flag) {
  return flags.find(std::string(" ") + flag + " ") != std::string::npos;
}

// Makes a secret where no memory may be locked, and tells by its exit code what came of it.
[[noreturn]] void live_without_locks() {
  const rlimit none{0, 0};
  // Root may lock what it likes.
  const bool limited = setrlimit(RLIMIT_MEMLOCK, &none) == 0 && (geteuid() != 0 || seteuid(65534) == 0);
  const Secret secret = Secret::from_text("1234");
  const bool locked = has_flag(memory_flags(secret.view().data()), "lo");
  std::_Exit(limited && !locked && as_text(secret.view()) == "1234" ? 0 : 1);
}

TEST(SecretTest, StaysOutOfSwapAndCoreDumps) {
  const Secret small = Secret::from_text("1234");
  const Secret large(std::size_t{1} << 14U);
  for (const void* octet : {small.view().data(), large.view().data(), large.view().data() + large.capacity() - 1}) {
    const std::string flags = memory_flags(octet);
    EXPECT_TRUE(has_flag(flags, "lo")) << flags;
    EXPECT_TRUE(has_flag(flags, "dd")) << flags;
  }
}

TEST(SecretTest, GivesItsPagesBack) {
  const void* there = nullptr;
  {
    const Secret secret = Secret::from_text("1234");
    there = secret.view().data();
  }
  EXPECT_FALSE(has_flag(memory_flags(there), "dd"));
}

TEST(SecretTest, ServesWhereNoMemoryMayBeLocked) { EXPECT_EXIT(live_without_locks(), testing::ExitedWithCode(0), ""); }

TEST(SecretTest, HasAnAddressThoughItIsEmpty) {
  const Secret secret = Secret::from_text("");
  EXPECT_NE(secret.view().data(), nullptr);
}

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
