#pragma once

#include <compare>
#include <string>
#include <string_view>

#pragma GCC visibility push(default)
namespace p11csr {

/// Oid is an OBJECT IDENTIFIER in dotted form (X.660): at least two arcs, the first 0 to 2, the second at most 39
/// under 0 and 1, no leading zeros, 39 digits at most an arc: 2.25.UUID (X.667) has arcs of 128 bits.
class Oid {
 public:
  /// parse throws Error(malformed_input) that quotes the text.
  [[nodiscard]] static Oid parse(std::string_view dotted);

  /// dotted is "2.5.29.17".
  [[nodiscard]] const std::string& dotted() const noexcept { return dotted_; }
  // clang-tidy 14 takes what it compares with for a pointer. NOLINTNEXTLINE(modernize-use-nullptr)
  friend auto operator<=>(const Oid&, const Oid&) = default;

 private:
  explicit Oid(std::string dotted) : dotted_(std::move(dotted)) {}
  std::string dotted_;
};

}  // namespace p11csr
#pragma GCC visibility pop
