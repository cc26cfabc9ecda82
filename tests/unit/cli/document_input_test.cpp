#include "cli/document_input.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include "unit/cli/scratch_folder.hpp"
#include "unit/crypto/error_of.hpp"

namespace p11csr::cli {
namespace {

using test::error_of;
using test::ScratchFolder;

std::string read(const std::string& path, const std::string& input, std::size_t most) {
  std::istringstream in(input);
  return std::string(as_text(read_document(path, in, most)));
}

TEST(DocumentInputTest, ReadsAFileToItsEnd) {
  const ScratchFolder folder;
  std::ofstream(folder.file("a"), std::ios::binary) << std::string("a\0b", 3);
  EXPECT_EQ(read(folder.file("a"), "", 100), std::string("a\0b", 3));
}
TEST(DocumentInputTest, ReadsTheStreamForADash) { EXPECT_EQ(read("-", "from stdin", 100), "from stdin"); }
TEST(DocumentInputTest, TakesAsManyOctetsAsAreAllowed) { EXPECT_EQ(read("-", "1234", 4), "1234"); }
TEST(DocumentInputTest, RefusesOneOctetMore) {
  EXPECT_EQ(error_of([] { return read("-", "12345", 4); }).code(), Errc::malformed_input);
}
TEST(DocumentInputTest, RefusesAnEndlessFile) {
  EXPECT_EQ(error_of([] { return read("/dev/zero", "", 1000); }).code(), Errc::malformed_input);
}
TEST(DocumentInputTest, RefusesAFolder) {
  EXPECT_EQ(error_of([] { return read("/", "", 4); }).code(), Errc::malformed_input);
}
TEST(DocumentInputTest, ReadsAPathWithoutStandardInputsName) {
  EXPECT_EQ(error_of([] { return read_file("/", 4); }).code(), Errc::malformed_input);
  EXPECT_EQ(error_of([] { return read_file("/nowhere/-", 4); }).code(), Errc::file_failed);
}
TEST(DocumentInputTest, NamesAFileThatIsMissing) {
  const ScratchFolder folder;
  const Error error = error_of([&] { return read(folder.file("a\x1b"), "", 4); });
  EXPECT_EQ(error.code(), Errc::file_failed);
  EXPECT_NE(std::string(error.what()).find("a\\x1b"), std::string::npos);
}

}  // namespace
}  // namespace p11csr::cli
