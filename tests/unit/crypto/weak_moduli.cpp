#include "unit/crypto/weak_moduli.hpp"

#include "crypto/openssl.hpp"
#include "crypto/openssl_error.hpp"

namespace p11csr::test {
namespace {

using crypto::BignumHandle;
using crypto::check;
using crypto::owned;
using ContextHandle = crypto::Handle<BN_CTX, BN_CTX_free>;

BignumHandle number() { return owned<BignumHandle>(BN_new(), "BN_new"); }
ContextHandle context() { return owned<ContextHandle>(BN_CTX_new(), "BN_CTX_new"); }

Bytes octets_of(const BIGNUM* number) {
  Bytes octets(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, octets.data());
  return octets;
}

Bytes product(const BIGNUM* p, const BIGNUM* q) {
  const BignumHandle n = number();
  check(BN_mul(n.get(), p, q, context().get()) == 1, "BN_mul");
  return octets_of(n.get());
}

bool is_probable_prime(const BIGNUM* candidate) { return BN_check_prime(candidate, context().get(), nullptr) == 1; }

/// Its two highest bits are set, so that a product has twice the bits.
BignumHandle prime(unsigned bits) {
  BignumHandle p = number();
  check(BN_generate_prime_ex(p.get(), static_cast<int>(bits), 0, nullptr, nullptr, nullptr) == 1, "BN_generate_prime");
  return p;
}

BignumHandle primorial() {
  BignumHandle m = number();
  check(BN_one(m.get()) == 1, "BN_one");
  for (unsigned candidate = 2; candidate <= 167; ++candidate) {
    bool prime = true;
    for (unsigned divisor = 2; divisor * divisor <= candidate; ++divisor) prime = prime && candidate % divisor != 0;
    if (prime) check(BN_mul_word(m.get(), candidate) == 1, "BN_mul_word");
  }
  return m;
}

BignumHandle random_bits(unsigned bits) {
  BignumHandle value = number();
  check(BN_rand(value.get(), static_cast<int>(bits), BN_RAND_TOP_TWO, BN_RAND_BOTTOM_ANY) == 1, "BN_rand");
  return value;
}

BignumHandle roca_prime(unsigned bits) {
  const ContextHandle ctx = context();
  const BignumHandle m = primorial();
  const BignumHandle generator = number();
  check(BN_set_word(generator.get(), 65537) == 1, "BN_set_word");
  const BignumHandle power = number();
  BignumHandle p = number();
  do {
    check(BN_mod_exp(power.get(), generator.get(), random_bits(62).get(), m.get(), ctx.get()) == 1, "BN_mod_exp");
    const BignumHandle target = random_bits(bits);
    // The target moved down to the residue that the power has.
    check(BN_mod_sub(p.get(), target.get(), power.get(), m.get(), ctx.get()) == 1, "BN_mod_sub");
    check(BN_sub(p.get(), target.get(), p.get()) == 1, "BN_sub");
  } while (!BN_is_odd(p.get()) || !is_probable_prime(p.get()));
  return p;
}

}  // namespace

Bytes sound_modulus(unsigned bits) { return product(prime(bits / 2).get(), prime(bits / 2).get()); }

Bytes close_modulus(unsigned bits) {
  const BignumHandle p = prime(bits / 2);
  const BignumHandle q = owned<BignumHandle>(BN_dup(p.get()), "BN_dup");
  do {
    check(BN_add_word(q.get(), 2) == 1, "BN_add_word");
  } while (!is_probable_prime(q.get()));
  return product(p.get(), q.get());
}

Bytes roca_modulus(unsigned bits) { return product(roca_prime(bits / 2).get(), roca_prime(bits / 2).get()); }

Bytes modulus_with_factor(unsigned bits, unsigned factor) {
  const BignumHandle small = number();
  check(BN_set_word(small.get(), factor) == 1, "BN_set_word");
  // A product has the bits of both factors, or one less.
  unsigned factor_bits = static_cast<unsigned>(BN_num_bits(small.get()));
  while (true) {
    Bytes modulus = product(small.get(), prime(bits - factor_bits + 1).get());
    const BignumHandle whole =
        owned<BignumHandle>(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr), "BN_bin2bn");
    const auto whole_bits = static_cast<unsigned>(BN_num_bits(whole.get()));
    if (whole_bits == bits) return modulus;
    if (whole_bits > bits) ++factor_bits;
  }
}

}  // namespace p11csr::test
