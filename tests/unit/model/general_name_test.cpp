#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/model/general_name.hpp>

#include "unit/model/thrown_error.hpp"

namespace p11csr {
namespace {

using test::thrown_error;
using testing::HasSubstr;

Error refusal(std::string_view text) {
  Error error = thrown_error([&] { return parse_general_name(text); });
  EXPECT_EQ(error.code(), Errc::malformed_input) << text;
  return error;
}

TEST(GeneralNameTest, ReadsItsKindInAnyCase) {
  EXPECT_EQ(parse_general_name("DNS:web-01.example"), GeneralName(DnsName{"web-01.example"}));
  EXPECT_EQ(parse_general_name("Ip:192.0.2.1"), GeneralName(IpAddress{{192, 0, 2, 1}}));
}

TEST(GeneralNameTest, WritesWhatItReads) {
  for (const std::string_view text :
       {"dns:*.example.org", "ip:192.0.2.1", "ip:2001:db8::1", "ip:::ffff:192.0.2.1", "email:a.b+c@example.org",
        "uri:https://user@[2001:db8::1]:8443/a%20b?q#f", "upn:alice@EXAMPLE.ORG"}) {
    EXPECT_EQ(to_string(parse_general_name(text)), text);
  }
}

TEST(GeneralNameTest, PutsTheMissingKindIntoTheHint) {
  EXPECT_EQ(refusal("web-01.example").hint(), "--san dns:web-01.example");
  EXPECT_EQ(refusal("*.example").hint(), "--san 'dns:*.example'");
  EXPECT_EQ(refusal("192.0.2.1").hint(), "--san ip:192.0.2.1");
  EXPECT_EQ(refusal("2001:db8::1").hint(), "--san ip:2001:db8::1");
  EXPECT_EQ(refusal("admin@example.org").hint(), "--san email:admin@example.org");
  EXPECT_EQ(refusal("https://example.org/").hint(), "--san uri:https://example.org/");
}

TEST(GeneralNameTest, NamesTheNearestKind) { EXPECT_EQ(refusal("dnss:a.example").hint(), "did you mean 'dns'?"); }

TEST(GeneralNameTest, ListsTheKindsWhereNoneIsNear) {
  EXPECT_EQ(refusal("banana:a.example").hint(), "the kinds are dns, ip, email, uri, upn, rid, dirname, othername");
  EXPECT_EQ(refusal("").hint(), "the kinds are dns, ip, email, uri, upn, rid, dirname, othername");
}

TEST(GeneralNameTest, ReadsBackEveryOtherKindThatItWrites) {
  for (const std::string_view text : {"dirname:CN=a\\,b+UID=c,O=d", "rid:1.2.3", "othername:1.2.3;UTF8:a;b:c",
                                      "othername:1.2.3;IA5:a", "othername:1.2.3;HEX:020105"})
    EXPECT_EQ(to_string(parse_general_name(text)), text);
}

TEST(GeneralNameTest, RefusesOtherKindsThatAreMalformed) {
  for (const std::string_view text :
       {"dirname:a", "rid:1", "rid:web", "othername:1.2.3", "othername:1.2.3;a", "othername:1.2.3;BMP:a",
        "othername:1.2.3;UTF8:", "othername:1.2.3;IA5:\xc3\xa4", "othername:1.2.3;HEX:0", "othername:x;UTF8:a"})
    EXPECT_EQ(refusal(text).code(), Errc::malformed_input) << text;
}

TEST(GeneralNameTest, RefusesAnEmptyValue) {
  for (const std::string_view text : {"dns:", "ip:", "email:", "uri:", "upn:"}) {
    EXPECT_THAT(refusal(text).what(), HasSubstr("has no value")) << text;
  }
}

TEST(GeneralNameTest, RefusesControlCharactersInEveryKind) {
  using std::string_literals::operator""s;
  for (const std::string& kind : {"dns:"s, "ip:"s, "email:a@"s, "uri:x:"s, "upn:a@"s, ""s}) {
    for (const std::string& control : {"\0"s, "\n"s, "\r"s, "\x7f"s, "\u0085"s}) {
      EXPECT_THAT(refusal(kind + "a" + control + "b").what(), HasSubstr("control character")) << kind;
    }
  }
}

TEST(GeneralNameTest, RefusesWhatIsNotUtf8) { EXPECT_THAT(refusal("upn:a\xff@b").what(), HasSubstr("not UTF-8")); }

TEST(GeneralNameTest, DoesNotSplitAtACommaInAValue) {
  refusal("dns:a.example,dns:b.example");
  EXPECT_EQ(parse_general_name("uri:x:a,URI:y"), GeneralName(UniformResourceIdentifier{"x:a,URI:y"}));
}

TEST(IpAddressTest, ReadsBothFamilies) {
  EXPECT_EQ(std::get<IpAddress>(parse_general_name("ip:10.0.0.255")).octets, (Bytes{10, 0, 0, 255}));
  EXPECT_EQ(std::get<IpAddress>(parse_general_name("ip:::1")).octets,
            (Bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
}

TEST(IpAddressTest, RefusesWhatIsNotAnAddress) {
  for (const std::string_view text : {"ip:256.0.0.1", "ip:1.2.3", "ip:1.2.3.4.5", "ip:01.2.3.4", "ip:0x7f.0.0.1",
                                      "ip:1:2", "ip:a", "ip: 1.2.3.4", "ip:1.2.3.4 ", "ip:::1::"}) {
    EXPECT_THAT(refusal(text).what(), HasSubstr("is not an IP address")) << text;
  }
}

TEST(IpAddressTest, SaysWhatToLeaveOut) {
  EXPECT_THAT(refusal("ip:192.0.2.0/24").hint(), HasSubstr("leave out '/24'"));
  EXPECT_THAT(refusal("ip:[2001:db8::1]").hint(), HasSubstr("brackets"));
  EXPECT_THAT(refusal("ip:fe80::1%eth0").hint(), HasSubstr("'%eth0'"));
}

TEST(Rfc822NameTest, TurnsItsDomainIntoALabels) {
  EXPECT_EQ(parse_general_name("email:info@bücher.example"), GeneralName(Rfc822Name{"info@xn--bcher-kva.example"}));
}

TEST(Rfc822NameTest, RefusesWhatIsNoPlainMailbox) {
  for (const std::string_view text :
       {"email:a", "email:@example.org", "email:a@", "email:a@b@c", "email:.a@example.org", "email:a.@example.org",
        "email:a..b@example.org", "email:a b@example.org", "email:a@192.0.2.1", "email:a@exa_mple.org",
        "email:a@*.example.org", "email:a@example.org.", "email:jürgen@example.org", "email:Anna <a@example.org>",
        "email:a,b@example.org"}) {
    refusal(text);
  }
}

TEST(Rfc822NameTest, TakesQuotedLocalPartsAndAddressLiterals) {
  for (const std::string_view text :
       {"email:\"john doe\"@example.org", "email:\"a@b\"@example.org", R"(email:"a\"b\\"@example.org)",
        "email:\"\"@example.org", "email:user@[192.0.2.1]", "email:user@[IPv6:2001:db8::1]",
        "email:user@[ipv6:::ffff:192.0.2.1]", "email:\"john doe\"@[192.0.2.1]"}) {
    EXPECT_EQ(to_string(parse_general_name(text)), text);
  }
  EXPECT_EQ(to_string(parse_general_name("email:\"j d\"@bücher.example")), "email:\"j d\"@xn--bcher-kva.example");
}

TEST(Rfc822NameTest, RefusesMalformedQuotesAndAddressLiterals) {
  for (const std::string_view text : {"email:\"john doe@example.org",
                                      "email:\"john\" doe@example.org",
                                      "email:\"john\"\"doe\"@example.org",
                                      "email:john\"@example.org",
                                      "email:\"john\".doe@example.org",
                                      R"(email:"john\"@example.org)",
                                      "email:\"john\"@",
                                      "email:\"john\"",
                                      "email:\"",
                                      "email:\"jürgen\"@example.org",
                                      "email:\"a\"@b@example.org",
                                      "email:user@[192.0.2.1",
                                      "email:user@192.0.2.1]",
                                      "email:user@[192.0.2]",
                                      "email:user@[]",
                                      "email:user@[",
                                      "email:user@[2001:db8::1]",
                                      "email:user@[IPv6:192.0.2.1]",
                                      "email:user@[IPv6:]",
                                      "email:user@[example.org]",
                                      "email:user@[tag:text]",
                                      "email:user@[192.0.2.1].example.org"}) {
    EXPECT_NE(refusal(text).hint(), "") << text;
  }
  refusal("email:\"" + std::string(63, 'a') + "\"@example.org");
}

TEST(Rfc822NameTest, KeepsTheLocalPartToSixtyFourCharacters) {
  const std::string local(64, 'a');
  EXPECT_EQ(to_string(parse_general_name("email:" + local + "@example.org")), "email:" + local + "@example.org");
  refusal("email:a" + local + "@example.org");
}

TEST(UniformResourceIdentifierTest, TakesAbsoluteUris) {
  for (const std::string_view text :
       {"uri:https://example.org", "uri:ldap://[2001:db8::7]/c=GB?one", "uri:urn:uuid:f81d4fae-7dec-11d0",
        "uri:mailto:a@b", "uri:spiffe://trust.example/web", "uri:file:///etc/hosts", "uri:http://a.example:/",
        "uri:x-y+z.1:a", "uri:http://xn--bcher-kva.example:65535/", "uri:FTP://192.0.2.1/a",
        "uri:spiffe://trust_domain/web"}) {
    EXPECT_EQ(to_string(parse_general_name(text)), text);
  }
}

TEST(UniformResourceIdentifierTest, RefusesWhatIsNoAbsoluteUri) {
  for (const std::string_view text : {"uri:example.org",
                                      "uri:/path",
                                      "uri://example.org/",
                                      "uri::x",
                                      "uri:1http://a",
                                      "uri:http:",
                                      "uri:http:a.example/",
                                      "uri:ldap:a",
                                      "uri:https://my_host/",
                                      "uri:http://a..b/",
                                      "uri:http://192.0.2.256/",
                                      "uri:http://a%2eexample/",
                                      "uri:http://a.example.:80/",
                                      "uri:http://a.example:65536/",
                                      "uri:spiffe://a.example:99999999999/",
                                      "uri:http://",
                                      "uri:http:///a",
                                      "uri:http://:80/",
                                      "uri:http://user@/",
                                      "uri:http://a b/",
                                      "uri:http://a/<b>",
                                      "uri:http://a/%",
                                      "uri:http://a/%4",
                                      "uri:http://a/%zz",
                                      "uri:http://a/[b]",
                                      "uri:http://[::1/",
                                      "uri:http://[::1]x/",
                                      "uri:http://[192.0.2.1]/",
                                      "uri:http://a:8x/",
                                      "uri:http://a@b@c/",
                                      "uri:http://a/#b#c",
                                      "uri:http://bücher.example/",
                                      "uri:http://a]b/",
                                      "uri:x:a\\b",
                                      "uri:x:\"",
                                      "uri:x:a[b"}) {
    refusal(text);
  }
}

TEST(UserPrincipalNameTest, TakesUtf8OnBothSides) {
  EXPECT_EQ(parse_general_name("upn:jürgen@bücher.example"), GeneralName(UserPrincipalName{"jürgen@bücher.example"}));
}

TEST(UserPrincipalNameTest, DemandsOneAtSignWithTextOnBothSides) {
  for (const std::string_view text : {"upn:alice", "upn:@realm", "upn:alice@", "upn:a@b@c", "upn:@"}) {
    EXPECT_THAT(refusal(text).what(), HasSubstr("is not USER@REALM")) << text;
  }
}

TEST(DirectoryNameTest, IsNamedInErrorsAboutIt) {
  EXPECT_STREQ(refusal("dirname:C=Germany").what(),
               "the directoryName's C 'Germany' is not a country code of two letters");
  EXPECT_STREQ(refusal("dirname:CN=a,O").what(), "'O' behind a ',' in the directoryName is not TYPE=VALUE");
  EXPECT_STREQ(refusal("dirname:/CN=").what(), "'CN=' in the directoryName has no value");
}

}  // namespace
}  // namespace p11csr
