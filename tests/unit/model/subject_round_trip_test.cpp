#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <random>

#include <p11csr/model/error.hpp>
#include <p11csr/model/subject.hpp>

namespace p11csr {
namespace {

/// RandomSubject makes subjects whose values are mostly what parsing could trip over.
class RandomSubject {
 public:
  explicit RandomSubject(unsigned seed) : engine_(seed) {}

  [[nodiscard]] Subject next() {
    std::vector<RelativeDistinguishedName> rdns(below(5));
    for (auto& rdn : rdns) {
      for (std::size_t left = 1 + below(3); left > 0; --left) {
        AttributeTypeAndValue attribute{Oid::parse(pick(types)), value()};
        if (std::find(rdn.begin(), rdn.end(), attribute) == rdn.end()) rdn.push_back(std::move(attribute));
      }
    }
    return Subject(std::move(rdns));
  }

 private:
  static constexpr std::array<std::string_view, 7> types = {
      "2.5.4.3", "2.5.4.10", "2.5.4.11", "2.5.4.97", "2.5.4.41", "1.2.3.4", "1.2.840.113549.1.9.2"};
  static constexpr std::array<std::string_view, 24> pieces = {
      " ", "#", ",",  "+",   "\"", "\\", "<", ">", ";",   "=",    "/",      "a",
      "Z", "0", "4F", "CN=", "ü",  "€",  "😀", "'", "\\,", "oid.", "\u00a0", "\u202e"};

  std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_); }

  template <std::size_t Count>
  std::string_view pick(const std::array<std::string_view, Count>& choices) {
    return choices[below(Count)];
  }

  std::string value() {
    std::string text;
    for (std::size_t left = 1 + below(12); left > 0; --left) text += pick(pieces);
    return text;
  }

  std::mt19937 engine_;
};

TEST(SubjectRoundTripTest, ReadsBackWhatItWrites) {
  RandomSubject random(20240917);
  for (int i = 0; i < 5000; ++i) {
    const Subject subject = random.next();
    ASSERT_EQ(Subject::parse(subject.to_string()), subject) << subject.to_string();
  }
}

TEST(SubjectRoundTripTest, NeverThrowsAnythingButErrorsOfItsOwn) {
  std::mt19937 engine(4514);
  const std::string alphabet("CNO=,+/\\\"#;<> 0aF.\xc3\xbc\n\0", 22);
  std::uniform_int_distribution<std::size_t> pick(0, alphabet.size() - 1);
  std::uniform_int_distribution<std::size_t> length(0, 24);
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (std::size_t left = length(engine); left > 0; --left) text += alphabet[pick(engine)];
    try {
      const Subject subject = Subject::parse(text);
      ASSERT_EQ(Subject::parse(subject.to_string()), subject) << text;
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), Errc::malformed_input) << text;
    }
  }
}

}  // namespace
}  // namespace p11csr
