#include "crypto/key_sanity_fermat.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

#include "crypto/openssl_error.hpp"

namespace p11csr::crypto {
namespace {

constexpr auto largest_word = std::numeric_limits<BN_ULONG>::max();  // what BN_mod_word gives where it fails

using BignumContextHandle = Handle<BN_CTX, BN_CTX_free>;

constexpr unsigned rounds = 100;

BignumHandle number() { return owned<BignumHandle>(BN_new(), "BN_new"); }

/// The square root, rounded down, by Newton's method from above.
BignumHandle square_root(const BIGNUM* radicand, BN_CTX* context) {
  BignumHandle root = number();
  if (BN_is_zero(radicand)) return root;
  BignumHandle next = number();
  // 2^ceil(bits/2) is not below the root. One doubling of the good bits each: some ten steps for any modulus.
  check(BN_set_bit(next.get(), (BN_num_bits(radicand) + 1) / 2) == 1, "BN_set_bit");
  do {
    root.swap(next);
    check(BN_div(next.get(), nullptr, radicand, root.get(), context) == 1, "BN_div");
    check(BN_add(next.get(), next.get(), root.get()) == 1, "BN_add");
    check(BN_rshift1(next.get(), next.get()) == 1, "BN_rshift1");
  } while (BN_cmp(next.get(), root.get()) < 0);
  return root;
}

// Squares leave few residues modulo these, so that of 2,000 other numbers one is left to be looked at.
constexpr std::array<unsigned, 8> sieve_moduli = {64, 63, 65, 11, 17, 19, 23, 31};
constexpr unsigned largest_sieve_modulus = 65;

constexpr auto squares = [] {
  std::array<std::array<bool, largest_sieve_modulus>, sieve_moduli.size()> table{};
  for (std::size_t i = 0; i < sieve_moduli.size(); ++i) {
    for (unsigned n = 0; n < sieve_moduli.at(i); ++n) table.at(i).at(n * n % sieve_moduli.at(i)) = true;
  }
  return table;
}();

using SieveResidues = std::array<unsigned, sieve_moduli.size()>;

SieveResidues sieve_residues(const BIGNUM* of) {
  constexpr BN_ULONG product = 64UL * 63 * 65 * 11 * 17 * 19 * 23 * 31;
  const BN_ULONG remainder = BN_mod_word(of, product);
  check(remainder != largest_word, "BN_mod_word");
  SieveResidues residues{};
  std::transform(sieve_moduli.begin(), sieve_moduli.end(), residues.begin(),
                 [remainder](unsigned modulus) { return static_cast<unsigned>(remainder % modulus); });
  return residues;
}

/// Whether (start + step)^2 - odd may be a square, by residues alone.
bool may_be_square(const SieveResidues& start, const SieveResidues& odd, unsigned step) {
  for (std::size_t i = 0; i < sieve_moduli.size(); ++i) {
    const unsigned modulus = sieve_moduli.at(i);
    const unsigned a = (start.at(i) + step) % modulus;
    if (!squares.at(i).at((a * a + modulus - odd.at(i)) % modulus)) return false;
  }
  return true;
}

bool is_square(const BIGNUM* candidate, BN_CTX* context) {
  const BignumHandle root = square_root(candidate, context);
  const BignumHandle square = number();
  check(BN_sqr(square.get(), root.get(), context) == 1, "BN_sqr");
  return BN_cmp(square.get(), candidate) == 0;
}

}  // namespace

bool factors_are_close(const BIGNUM* odd) {
  const auto context = owned<BignumContextHandle>(BN_CTX_new(), "BN_CTX_new");
  const BignumHandle start = square_root(odd, context.get());
  const SieveResidues of_start = sieve_residues(start.get());
  const SieveResidues of_odd = sieve_residues(odd);
  const BignumHandle difference = number();
  const BignumHandle a = number();
  for (unsigned step = 0; step <= rounds; ++step) {
    if (!may_be_square(of_start, of_odd, step)) continue;
    check(BN_copy(a.get(), start.get()) != nullptr && BN_add_word(a.get(), step) == 1, "BN_add_word");
    check(BN_sqr(difference.get(), a.get(), context.get()) == 1, "BN_sqr");
    check(BN_sub(difference.get(), difference.get(), odd) == 1, "BN_sub");
    if (!BN_is_negative(difference.get()) && is_square(difference.get(), context.get())) return true;
  }
  return false;
}

}  // namespace p11csr::crypto
