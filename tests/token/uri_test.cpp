#include "pkcs11/uri.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <string>

#include <p11csr/model/error.hpp>

namespace p11csr::pkcs11 {
namespace {

std::string refusal_of(const std::string& text) {
  try {
    static_cast<void>(Uri::parse(text));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::malformed_input) << text;
    return error.what();
  }
  return "";
}

/// RandomParts makes labels, IDs and token fields of any octets.
class RandomParts {
 public:
  explicit RandomParts(unsigned seed) : engine_(seed) {}

  Bytes octets(std::size_t longest) {
    Bytes value(below(longest + 1));
    std::generate(value.begin(), value.end(), [this] { return octet(); });
    return value;
  }

  CK_TOKEN_INFO token() {
    CK_TOKEN_INFO info{};
    fill(info.label);
    fill(info.manufacturerID);
    fill(info.model);
    fill(info.serialNumber);
    return info;
  }

 private:
  std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_); }

  // Half of them what a URI is made of.
  std::uint8_t octet() {
    constexpr std::string_view special(";=&?%:/ #+\0aZ01", 15);
    return below(2) == 0 ? static_cast<std::uint8_t>(special[below(special.size())])
                         : static_cast<std::uint8_t>(below(256));
  }

  template <std::size_t Size>
  void fill(CK_UTF8CHAR (&field)[Size]) {
    std::fill(std::begin(field), std::end(field), CK_UTF8CHAR{' '});
    const Bytes text = octets(Size);
    std::copy(text.begin(), text.end(), std::begin(field));
  }

  std::mt19937 engine_;
};

TEST(UriTest, RefusesAPathAttributeInTheQuery) {
  for (const char* piece : {"token=x", "manufacturer=x", "serial=x", "model=x", "library-manufacturer=x",
                            "library-version=1", "library-description=x", "object=x", "type=private", "id=%02",
                            "slot-manufacturer=x", "slot-description=x", "slot-id=1"}) {
    const std::string name(piece, std::strchr(piece, '='));
    EXPECT_NE(refusal_of(std::string("pkcs11:?") + piece).find("'" + name + "'"), std::string::npos) << piece;
    EXPECT_NE(refusal_of(std::string("pkcs11:object=web-01?pin-source=x&") + piece), "") << piece;
    EXPECT_EQ(refusal_of(std::string("pkcs11:") + piece), "") << piece;
  }
}

TEST(UriTest, RefusesAQueryAttributeInThePath) {
  for (const char* piece : {"pin-source=file:x", "pin-value=1234", "module-name=softhsm2", "module-path=/x.so"}) {
    const std::string refusal = refusal_of(std::string("pkcs11:object=web-01;") + piece);
    EXPECT_NE(refusal.find("belongs after the '?'"), std::string::npos) << piece;
    EXPECT_EQ(refusal.find("1234"), std::string::npos);
    EXPECT_EQ(refusal_of(std::string("pkcs11:object=web-01?") + piece), "") << piece;
  }
}

TEST(UriTest, ReadsBackTheObjectThatItsTextNames) {
  RandomParts random(7512);
  for (int i = 0; i < 3000; ++i) {
    const Bytes id = random.octets(24);
    const Bytes octets = random.octets(40);
    const std::string label(as_text(octets));
    const std::string text = object_uri("pkcs11:token=t", id, label, ObjectClass::public_key);
    const Uri uri = Uri::parse(text);
    ASSERT_EQ(uri.id().value_or(Bytes{}), id) << text;
    ASSERT_EQ(uri.label().value_or(""), label) << text;
    ASSERT_EQ(uri.object_class(), ObjectClass::public_key) << text;
  }
}

TEST(UriTest, ReadsBackEachClassOfObject) {
  for (const ObjectClass type : {ObjectClass::private_key, ObjectClass::public_key, ObjectClass::certificate})
    EXPECT_EQ(Uri::parse(object_uri("pkcs11:token=t", Bytes{1}, "", type)).object_class(), type);
}

TEST(UriTest, ReadsBackALabelOfEachSingleOctet) {
  for (unsigned octet = 0; octet < 256; ++octet) {
    const std::string label(1, static_cast<char>(octet));
    const std::string text = object_uri("pkcs11:token=t", {}, label, ObjectClass::private_key);
    EXPECT_EQ(Uri::parse(text).label(), label) << text;
  }
}

TEST(UriTest, MatchesTheTokenThatItsTextNames) {
  RandomParts random(7512);
  for (int i = 0; i < 3000; ++i) {
    const CK_TOKEN_INFO token = random.token();
    const std::string text = token_uri(token);
    ASSERT_TRUE(Uri::parse(text).matches(token)) << text;
  }
}

TEST(UriTest, DoesNotMatchATokenWithAnotherLabel) {
  RandomParts random(2);
  for (int i = 0; i < 3000; ++i) {
    CK_TOKEN_INFO token = random.token();
    token.label[0] = 'a';
    const Uri uri = Uri::parse(token_uri(token));
    token.label[0] = 'b';
    ASSERT_FALSE(uri.matches(token));
  }
}

}  // namespace
}  // namespace p11csr::pkcs11
