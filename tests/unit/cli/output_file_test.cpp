#include "cli/output_file.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <optional>
#include <sys/stat.h>

#include "unit/cli/scratch_folder.hpp"
#include "unit/crypto/error_of.hpp"

namespace p11csr::cli {
namespace {

using test::error_of;
using test::ScratchFolder;

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::string& path, const std::string& content) { std::ofstream(path, std::ios::binary) << content; }

TEST(OutputFileTest, AppearsWithItsContentAndMode) {
  const ScratchFolder folder;
  auto file = OutputFile::prepare(folder.file("a.csr"), Overwrite::no, 0600);
  file.publish("content");
  EXPECT_EQ(content_of(folder.file("a.csr")), "content");
  struct stat status {};
  ASSERT_EQ(stat(folder.file("a.csr").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}
TEST(OutputFileTest, LeavesNothingWithoutPublish) {
  const ScratchFolder folder;
  { const auto file = OutputFile::prepare(folder.file("a.csr"), Overwrite::no, 0644); }
  EXPECT_EQ(folder.entries(), 0);
}
TEST(OutputFileTest, RefusesAFileThatIsThere) {
  const ScratchFolder folder;
  write(folder.file("a.csr"), "old");
  const Error error = error_of([&] { return OutputFile::prepare(folder.file("a.csr"), Overwrite::no, 0644); });
  EXPECT_EQ(error.code(), Errc::file_exists);
  EXPECT_EQ(content_of(folder.file("a.csr")), "old");
}
TEST(OutputFileTest, DoesNotReplaceAFileThatCameMeanwhile) {
  const ScratchFolder folder;
  auto file = OutputFile::prepare(folder.file("a.csr"), Overwrite::no, 0644);
  write(folder.file("a.csr"), "theirs");
  EXPECT_EQ(error_of([&] { return file.publish("ours"), 0; }).code(), Errc::file_exists);
  EXPECT_EQ(content_of(folder.file("a.csr")), "theirs");
}
TEST(OutputFileTest, ReplacesOnlyWhenItIsTold) {
  const ScratchFolder folder;
  write(folder.file("a.csr"), "old");
  auto file = OutputFile::prepare(folder.file("a.csr"), Overwrite::yes, 0644);
  EXPECT_EQ(content_of(folder.file("a.csr")), "old");
  file.publish("new");
  EXPECT_EQ(content_of(folder.file("a.csr")), "new");
  EXPECT_EQ(folder.entries(), 1);
}
TEST(OutputFileTest, RefusesAFolderThatIsNotThere) {
  const ScratchFolder folder;
  const Error error = error_of([&] { return OutputFile::prepare(folder.file("no/a.csr"), Overwrite::no, 0644); });
  EXPECT_EQ(error.code(), Errc::file_failed);
}
TEST(OutputFileTest, DoesNotReplaceWhatIsNoRegularFile) {
  const ScratchFolder folder;
  ASSERT_EQ(mkdir(folder.file("a").c_str(), 0755), 0);
  const Error error = error_of([&] { return OutputFile::prepare(folder.file("a"), Overwrite::yes, 0644); });
  EXPECT_EQ(error.code(), Errc::file_failed);
}

TEST(ReplaceFileTest, WritesANewFileAndOverAnOldOne) {
  const ScratchFolder folder;
  replace_file(folder.file("a.csr"), "old", 0600);
  replace_file(folder.file("a.csr"), "new", 0600);
  EXPECT_EQ(content_of(folder.file("a.csr")), "new");
  struct stat status {};
  ASSERT_EQ(stat(folder.file("a.csr").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(folder.entries(), 1);
}
TEST(ReplaceFileTest, TakesAwayWhatAProcessThatWasKilledLeft) {
  const ScratchFolder folder;
  write(folder.file(".a.csr.new"), "half of i");
  replace_file(folder.file("a.csr"), "whole", 0644);
  EXPECT_EQ(content_of(folder.file("a.csr")), "whole");
  EXPECT_EQ(folder.entries(), 1);
}
TEST(ReplaceFileTest, LeavesNothingWhereThePlaceIsNoFile) {
  const ScratchFolder folder;
  ASSERT_EQ(mkdir(folder.file("a.csr").c_str(), 0755), 0);
  EXPECT_EQ(error_of([&] { return replace_file(folder.file("a.csr"), "content", 0644), 0; }).code(), Errc::file_failed);
  EXPECT_EQ(folder.entries(), 1);
}

}  // namespace
}  // namespace p11csr::cli
