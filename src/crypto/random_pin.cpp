#include <openssl/rand.h>

#include <p11csr/crypto/random_pin.hpp>
#include <p11csr/model/error.hpp>

namespace p11csr::crypto {
namespace {

std::uint8_t random_octet() {
  unsigned char octet = 0;
  if (RAND_priv_bytes(&octet, 1) != 1) throw Error(Errc::unexpected, "OpenSSL's random generator failed");
  return octet;
}

}  // namespace

Secret random_pin(std::size_t digits) {
  Secret pin(digits + 1);
  std::size_t made = 0;
  while (made < digits) {
    // Octets of 250 and more would make some digits likelier than others.
    const std::uint8_t octet = random_octet();
    if (octet < 250) pin.buffer()[made++] = static_cast<std::uint8_t>('0' + octet % 10);
  }
  pin.set_size(digits);
  return pin;
}

}  // namespace p11csr::crypto
