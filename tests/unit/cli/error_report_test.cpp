#include "cli/error_report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace p11csr::cli {
namespace {

TEST(ErrorReportTest, PutsTheCallBehindTheMessageAndTheHintOnALineOfItsOwn) {
  const Error error(Errc::pin_incorrect, "the token refused the PIN", "mind the counter",
                    "C_Login: CKR_PIN_INCORRECT, 0xa0");
  EXPECT_EQ(error_text(error, ErrorForm::words),
            "p11csr: error: the token refused the PIN (C_Login: CKR_PIN_INCORRECT, 0xa0)\n"
            "p11csr: hint: mind the counter\n");
}
TEST(ErrorReportTest, ListsTheCandidatesOneALine) {
  const auto error = Error(Errc::token_ambiguous, "2 tokens match").with_candidates({"pkcs11:a", "pkcs11:b"});
  EXPECT_EQ(error_text(error, ErrorForm::words), "p11csr: error: 2 tokens match\npkcs11:a\npkcs11:b\n");
}
TEST(ErrorReportTest, EscapesWhatWouldDriveATerminal) {
  const Error error(Errc::usage, "a\x1b[31mb\nc");
  EXPECT_EQ(error_text(error, ErrorForm::words), "p11csr: error: a\\x1b[31mb\\x0ac\n");
}
TEST(ErrorReportTest, IsOneLineOfJsonWithTheExitCode) {
  const auto error = Error(Errc::key_not_found, "no 'key'", "look", "C_X: CKR_Y, 0x1").with_candidates({"pkcs11:a"});
  const std::string text = error_text(error, ErrorForm::json);
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  const auto body = nlohmann::json::parse(text).at("error");
  EXPECT_EQ(body.at("code"), "key_not_found");
  EXPECT_EQ(body.at("exit"), 5);
  EXPECT_EQ(body.at("message"), "no 'key'");
  EXPECT_EQ(body.at("hint"), "look");
  EXPECT_EQ(body.at("call"), "C_X: CKR_Y, 0x1");
  EXPECT_EQ(body.at("candidates").at(0), "pkcs11:a");
}
TEST(ErrorReportTest, IsJsonEvenWhereTheMessageIsNotUtf8) {
  const std::string text = error_text(Error(Errc::usage, "a\xff"), ErrorForm::json);
  EXPECT_TRUE(nlohmann::json::accept(text));
}

}  // namespace
}  // namespace p11csr::cli
