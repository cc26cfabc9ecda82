#include "cli/inspect_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/x509/vectors.hpp"

namespace p11csr::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using workflow::Inspection;
using workflow::KeyOnToken;
using workflow::KeyPresence;
using x509::SignatureVerdict;
namespace vectors = test::vectors;

Inspection inspected(std::string_view document) { return {x509::describe(as_bytes(document)), std::nullopt}; }

Inspection with_verdict(SignatureVerdict verdict) {
  Inspection result = inspected(vectors::full_request);
  result.document.verdict = verdict;
  return result;
}

Inspection on_token(KeyPresence presence, bool logged_in) {
  Inspection result = inspected(vectors::full_request);
  KeyOnToken found;
  found.token.label = "hsm";
  found.token.uri = "pkcs11:token=hsm";
  found.token.login_required = true;
  found.logged_in = logged_in;
  found.presence = presence;
  if (presence == KeyPresence::public_part) found.public_keys = {"pkcs11:public"};
  if (presence == KeyPresence::unclear) {
    found.unclear_keys = {"pkcs11:a", "pkcs11:b"};
    found.unclear_because = "2 keys";
  }
  if (presence == KeyPresence::private_key)
    found.private_keys.push_back({"pkcs11:private", {}, judge_origin({}, RsaKey{2048}, WhoGenerated::unknown)});
  result.on_token = found;
  return result;
}

TEST(InspectReportTest, IndentsEachLineOfAnExtension) {
  EXPECT_THAT(inspection_text(inspected(vectors::full_request)),
              HasSubstr("extension           subjectAltName (2.5.29.17)\n  dns:web-01.example\n  dns:*.example.org\n"));
}
TEST(InspectReportTest, ShowsTheParametersOfTheSignature) {
  Inspection result = inspected(vectors::full_request);
  result.document.signature_parameters = {"sha256", "sha1", 20};
  result.document.notes = {"the digest is broken"};
  EXPECT_THAT(inspection_text(result), HasSubstr("signature digest    sha256, MGF1 with sha1, 20 octets of salt\n"));
  EXPECT_THAT(inspection_text(result), HasSubstr("note                the digest is broken\n"));
  const Json json = inspection_json(result);
  EXPECT_EQ(json["signature_digest"], "sha256");
  EXPECT_EQ(json["mgf_digest"], "sha1");
  EXPECT_EQ(json["salt_length"], 20);
  EXPECT_EQ(json["notes"].size(), 1U);
}
TEST(InspectReportTest, EscapesWhatWouldDriveATerminal) {
  Inspection result = inspected(vectors::full_request);
  result.document.subject = "CN=a\x1b[2J\nsignature           valid";
  const std::string text = inspection_text(result);
  EXPECT_THAT(text, HasSubstr("CN=a\\x1b[2J\\x0asignature"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}
TEST(InspectReportTest, ShowsTheBeginningOfALongAttribute) {
  Inspection result = inspected(vectors::full_request);
  result.document.attributes.push_back({"1.2.3.4", "1.2.3.4", {Bytes(1000, 0xab)}});
  EXPECT_THAT(inspection_text(result), HasSubstr("attribute           1.2.3.4\n  abab"));
  EXPECT_THAT(inspection_text(result), HasSubstr("… (1000 octets)\n"));
}
TEST(InspectReportTest, ShowsIssuerSerialAndValidityOfACertificateOnly) {
  EXPECT_THAT(inspection_text(inspected(vectors::root_certificate)), HasSubstr("serial number"));
  EXPECT_THAT(inspection_text(inspected(vectors::full_request)), Not(HasSubstr("serial number")));
  EXPECT_TRUE(inspection_json(inspected(vectors::root_certificate)).contains("issuer"));
  EXPECT_FALSE(inspection_json(inspected(vectors::full_request)).contains("issuer"));
}
TEST(InspectReportTest, IsJsonEvenWhereTheContentIsNotUtf8) {
  Inspection result = inspected(vectors::full_request);
  result.document.subject = "CN=\xff";
  EXPECT_TRUE(Json::accept(to_text(inspection_json(result))));
}
TEST(InspectReportTest, HasNullForATokenThatWasNotAsked) {
  const Json json = inspection_json(inspected(vectors::full_request));
  EXPECT_TRUE(json.at("token").is_null());
  EXPECT_TRUE(json.at("on_token").is_null());
}
TEST(InspectReportTest, HasNullForAPrivateKeyThatWasNotSeen) {
  const Json found = inspection_json(on_token(KeyPresence::public_part, false)).at("on_token");
  EXPECT_EQ(found.at("public"), "pkcs11:public");
  EXPECT_TRUE(found.at("private").is_null());
  EXPECT_TRUE(found.at("bound").is_null());
}
TEST(InspectReportTest, SaysWhyAKeyIsNotProvenToBeBound) {
  const Inspection result = on_token(KeyPresence::private_key, true);
  EXPECT_EQ(inspection_json(result).at("on_token").at("bound"), false);
  EXPECT_THAT(inspection_text(result), HasSubstr("bound to hardware   not proven: "));
}

TEST(InspectObjectionTest, HasNoneToAValidOrUncheckedSignature) {
  EXPECT_FALSE(objection(with_verdict(SignatureVerdict::valid), false));
  EXPECT_FALSE(objection(with_verdict(SignatureVerdict::unchecked), false));
}
TEST(InspectObjectionTest, ObjectsToASignatureThatIsWrongOrCannotBeVerified) {
  EXPECT_EQ(objection(with_verdict(SignatureVerdict::invalid), false)->code(), Errc::verification_failed);
  EXPECT_EQ(objection(with_verdict(SignatureVerdict::unsupported), false)->code(), Errc::verification_failed);
}
TEST(InspectObjectionTest, HasNoneToAPublicPartWhilePrivateKeysAreHidden) {
  EXPECT_FALSE(objection(on_token(KeyPresence::public_part, false), true));
}
TEST(InspectObjectionTest, AdvisesALoginWhereThatCouldShowTheKey) {
  EXPECT_THAT(objection(on_token(KeyPresence::absent, false), true)->hint(), HasSubstr("--pin-source"));
  EXPECT_THAT(objection(on_token(KeyPresence::absent, true), true)->hint(), Not(HasSubstr("--pin-source")));
}
TEST(InspectObjectionTest, ListsTheKeysThatMayBeTheOne) {
  const auto error = objection(on_token(KeyPresence::unclear, true), true);
  EXPECT_EQ(error->code(), Errc::key_ambiguous);
  EXPECT_THAT(error->candidates(), testing::ElementsAre("pkcs11:a", "pkcs11:b"));
}
TEST(InspectObjectionTest, SaysThatAnUnknownKindOfKeyWasNotLookedFor) {
  EXPECT_EQ(objection(inspected(vectors::full_request), true)->code(), Errc::key_not_found);
}

}  // namespace
}  // namespace p11csr::cli
