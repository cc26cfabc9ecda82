#include "crypto/edwards_point.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "crypto/openssl.hpp"
#include "crypto/openssl_error.hpp"

namespace p11csr::crypto {
namespace {

using ContextHandle = Handle<BN_CTX, BN_CTX_free>;

BignumHandle number(const char* hexadecimal) {
  BIGNUM* value = nullptr;
  check(BN_hex2bn(&value, hexadecimal) > 0, "BN_hex2bn");
  return BignumHandle(value);
}

/// TwistedCurve is a x² + y² = 1 + d x² y² over the integers modulo p.
struct TwistedCurve {
  BignumHandle p;
  BignumHandle d;
  bool minus;  // a is -1, otherwise 1

  explicit TwistedCurve(EdwardsCurve curve) : minus(curve == EdwardsCurve::ed25519) {
    if (minus) {
      p = number("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
      d = number("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3");
    } else {
      // 2^448 - 2^224 - 1
      p = number(
          "fffffffffffffffffffffffffffffffffffffffffffffffffffffffe"
          "ffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
      d = number("-98a9");
    }
  }

  /// holds tells whether some x goes with y: (1 - y²) / (a - d y²) is a square.
  [[nodiscard]] bool holds(const BIGNUM* y) const {
    const auto context = owned<ContextHandle>(BN_CTX_new(), "BN_CTX_new");
    const auto square = owned<BignumHandle>(BN_new(), "BN_new");
    const auto above = owned<BignumHandle>(BN_new(), "BN_new");
    const auto below = owned<BignumHandle>(BN_new(), "BN_new");
    const BignumHandle a = number(minus ? "-1" : "1");
    check(BN_mod_sqr(square.get(), y, p.get(), context.get()) == 1 &&
              BN_mod_sub(above.get(), BN_value_one(), square.get(), p.get(), context.get()) == 1 &&
              BN_mod_mul(below.get(), d.get(), square.get(), p.get(), context.get()) == 1 &&
              BN_mod_sub(below.get(), a.get(), below.get(), p.get(), context.get()) == 1 &&
              BN_mod_mul(above.get(), above.get(), below.get(), p.get(), context.get()) == 1,
          "BN_mod_mul");
    // A quotient is a square where the product is.
    const int symbol = BN_kronecker(above.get(), p.get(), context.get());
    check(symbol >= -1, "BN_kronecker");
    return symbol != -1;
  }
};

/// The y of all points whose order divides the cofactor 8 or 4; each goes with both signs of x.
bool has_small_order(EdwardsCurve curve, const BIGNUM* y, const BIGNUM* p) {
  // The order-8 points of edwards25519.
  constexpr std::array eighths{"7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
                               "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826"};
  const auto next = owned<BignumHandle>(BN_dup(y), "BN_dup");
  check(BN_add_word(next.get(), 1) == 1, "BN_add_word");
  if (BN_is_zero(y) || BN_is_one(y) || BN_cmp(next.get(), p) == 0) return true;
  return curve == EdwardsCurve::ed25519 && std::any_of(eighths.begin(), eighths.end(), [y](const char* eighth) {
           return BN_cmp(number(eighth).get(), y) == 0;
         });
}

}  // namespace

std::size_t edwards_size(EdwardsCurve curve) { return curve == EdwardsCurve::ed25519 ? 32 : 57; }

EdwardsPoint judge_edwards_point(EdwardsCurve curve, ByteView raw) {
  constexpr std::uint8_t sign_of_x = 0x80;
  Bytes octets(raw.begin(), raw.end());
  octets.back() = static_cast<std::uint8_t>(octets.back() & ~sign_of_x);
  const auto y =
      owned<BignumHandle>(BN_lebin2bn(octets.data(), static_cast<int>(octets.size()), nullptr), "BN_lebin2bn");
  const TwistedCurve points(curve);
  if (BN_cmp(y.get(), points.p.get()) >= 0 || !points.holds(y.get())) return EdwardsPoint::none;
  return has_small_order(curve, y.get(), points.p.get()) ? EdwardsPoint::small_order : EdwardsPoint::sound;
}

}  // namespace p11csr::crypto
