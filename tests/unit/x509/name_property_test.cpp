#include <algorithm>
#include <gtest/gtest.h>
#include <optional>

#include <p11csr/model/error.hpp>
#include <p11csr/model/request_spec.hpp>
#include <p11csr/x509/description.hpp>

#include "unit/property.hpp"

namespace p11csr::x509 {
namespace {

using p11csr::test::any_text;
using p11csr::test::holds;

rc::Gen<Oid> attribute_type() {
  return rc::gen::map(
      rc::gen::elementOf(std::vector<std::string>{"2.5.4.3", "2.5.4.10", "2.5.4.11", "2.5.4.7", "2.5.4.8",
                                                  "0.9.2342.19200300.100.1.1", "2.5.4.5", "1.2.3.4.5"}),
      [](const std::string& dotted) { return Oid::parse(dotted); });
}

/// An RDN whose types differ, as X.501, 9.3 wants.
RelativeDistinguishedName any_rdn() {
  RelativeDistinguishedName rdn;
  for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
    const Oid type = *attribute_type();
    if (std::none_of(rdn.begin(), rdn.end(), [&type](const auto& one) { return one.type == type; }))
      rdn.push_back({type, *any_text()});
  }
  return rdn;
}

std::vector<RelativeDistinguishedName> any_rdns() {
  std::vector<RelativeDistinguishedName> rdns;
  for (int i = *rc::gen::inRange(0, 5); i > 0; --i) rdns.push_back(any_rdn());
  return rdns;
}

template <class Make>
auto unless_refused(Make make) -> std::optional<decltype(make())> {
  try {
    return make();
  } catch (const Error& error) {
    RC_ASSERT(error.code() == Errc::malformed_input);
    return std::nullopt;
  }
}

TEST(NamePropertyTest, ADistinguishedNameThatIsPrintedAndParsedIsTheSame) {
  EXPECT_TRUE(holds("print, then parse", [] {
    const auto rdns = any_rdns();
    const auto subject = unless_refused([&] { return Subject(rdns); });
    if (!subject) return;
    RC_TAG("made");
    RC_ASSERT(subject->rdns() == rdns);
    RC_ASSERT(Subject::parse(subject->to_string()) == *subject);
  }));
}

TEST(NamePropertyTest, AnyTextIsRefusedOrOneNameThatIsPrintedAndParsedTheSame) {
  EXPECT_TRUE(holds("parse, print, parse, encode", [] {
    const std::string kind = *rc::gen::elementOf(std::vector<std::string>{
        "dns:", "ip:", "email:", "uri:", "upn:", "dirname:CN=", "rid:", "othername:1.2.3;UTF8:", "uri:https://a/",
        "email:a@", "upn:a@", "othername:1.2.3;IA5:"});
    const std::string text = kind + *any_text();
    const auto name = unless_refused([&] { return parse_general_name(text); });
    if (!name) return;
    RC_TAG("made");
    RC_ASSERT(parse_general_name(to_string(*name)) == *name);
    ExtensionRequest extensions;
    extensions.subject_alt_names.push_back(*name);
    const auto described = describe_extensions({Subject(), extensions});
    RC_ASSERT(described.size() == 1U);
    RC_ASSERT(std::count(described.front().text.begin(), described.front().text.end(), '\n') == 0);
  }));
}

}  // namespace
}  // namespace p11csr::x509
