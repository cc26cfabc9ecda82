#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/model/general_name.hpp>

#include "model/idna.hpp"
#include "unit/model/thrown_error.hpp"

namespace p11csr {
namespace {

using test::thrown_error;
using testing::HasSubstr;

Error refusal(const std::string& name) {
  Error error = thrown_error([&] { return parse_general_name("dns:" + name); });
  EXPECT_EQ(error.code(), Errc::malformed_input) << name;
  return error;
}

std::string ascii(const std::string& name) { return std::get<DnsName>(parse_general_name("dns:" + name)).ascii; }

TEST(DnsNameTest, KeepsAnAsciiNameAsTyped) {
  for (const std::string name : {"a", "localhost", "Web-01.Example.org", "_sip._tcp.example.org", "1.2.example",
                                 "3com.com", "a--b.example", "0x1.example", "a.0xg"}) {
    EXPECT_EQ(ascii(name), name);
  }
}

TEST(DnsNameTest, TakesAWildcardAsTheWholeFirstLabel) { EXPECT_EQ(ascii("*.example.org"), "*.example.org"); }

TEST(DnsNameTest, RefusesEveryOtherWildcard) {
  for (const std::string name :
       {"*", "*.", "a.*.example", "w*.example", "*w.example", "*.*.example", "example.*", "**.a"}) {
    refusal(name);
  }
}

TEST(DnsNameTest, RefusesWhatNoHostNameHas) {
  for (const std::string name : {"a b.example", "a,b", "a/b", "a:80", "a@b", "a .example", " a", "a ", "-a.example",
                                 "a-.example", "a..b", ".a", "a\"", "a'", "a\\b", "http://a"}) {
    refusal(name);
  }
}

TEST(DnsNameTest, SaysToLeaveATrailingDotOut) { EXPECT_THAT(refusal("example.org.").hint(), HasSubstr("last dot")); }

TEST(DnsNameTest, SaysWhichKindAnAddressIs) {
  EXPECT_EQ(refusal("192.0.2.1").hint(), "--san ip:192.0.2.1");
  EXPECT_EQ(refusal("2001:db8::1").hint(), "--san ip:2001:db8::1");
  refusal("１92.0.2.1");  // a full-width digit that IDNA maps to '1'
  refusal("*.192.0.2.1");
}

TEST(DnsNameTest, RefusesWhatEndsInANumber) {
  for (const std::string name : {"1.2.3.4.5", "192.0.2.256", "192.0.2", "192.0.2.0x1F", "a.0X", "42", "*.1.2.3"}) {
    EXPECT_THAT(refusal(name).hint(), HasSubstr("--san ip:")) << name;
  }
}

TEST(DnsNameTest, KeepsLabelsToSixtyThreeCharacters) {
  const std::string label(63, 'a');
  EXPECT_EQ(ascii(label + ".example"), label + ".example");
  EXPECT_THAT(refusal("a" + label + ".example").what(), HasSubstr("63 is the most"));
}

TEST(DnsNameTest, KeepsNamesToTwoHundredFiftyThreeCharacters) {
  const std::string label(63, 'a');
  const std::string name = label + "." + label + "." + label + "." + std::string(61, 'b');
  ASSERT_EQ(name.size(), 253U);
  EXPECT_EQ(ascii(name), name);
  EXPECT_THAT(refusal(name + "c").what(), HasSubstr("253 is the most"));
}

TEST(DnsNameTest, TurnsULabelsIntoALabels) {
  EXPECT_EQ(ascii("bücher.example"), "xn--bcher-kva.example");
  EXPECT_EQ(ascii("*.Bücher.Example"), "*.xn--bcher-kva.example");
  EXPECT_EQ(ascii("faß.example"), "xn--fa-hia.example");  // non-transitional: not "fass"
  EXPECT_EQ(ascii("bu\u0308cher.example"), "xn--bcher-kva.example");
  EXPECT_EQ(ascii("例え。example"), "xn--r8jz45g.example");
}

TEST(DnsNameTest, RefusesULabelsThatIdnaDoesNotAllow) {
  for (const std::string name : {"i❤.example", "-ü.example", "ü*.example", "ü/.example", "a℀ü.example"}) refusal(name);
}

TEST(DnsNameTest, RefusesALongInternationalisedName) {
  std::string name;
  for (int i = 0; i < 1000; ++i) name += "ü";
  EXPECT_THAT(refusal(name).what(), HasSubstr("too long"));
}

TEST(DnsNameTest, TakesALabelsThatStandForAULabel) {
  EXPECT_EQ(ascii("xn--bcher-kva.example"), "xn--bcher-kva.example");
  EXPECT_EQ(ascii("XN--bcher-KVA.example"), "XN--bcher-KVA.example");
}

TEST(DnsNameTest, RefusesALabelsThatStandForNothing) {
  for (const std::string name :
       {"xn--", "xn--a.example", "xn--zzzzzzzzz99999.example", "xn--abc-.example", "xn--i-7iq.example"}) {
    refusal(name);
  }
}

TEST(IdnaTest, SaysWhichLibraryIsMissing) {
  const Error error = thrown_error([] { return model::Idna("libp11csr-no-such-library.so.0"); });
  EXPECT_EQ(error.code(), Errc::unexpected);
  EXPECT_THAT(error.what(), HasSubstr("'libp11csr-no-such-library.so.0'"));
  EXPECT_THAT(error.hint(), HasSubstr("libidn2-0"));
}

}  // namespace
}  // namespace p11csr
