#include <limits>
#include <openssl/rand.h>

#include <p11csr/crypto/digest.hpp>
#include <p11csr/model/error.hpp>

#include "crypto/evp.hpp"
#include "crypto/openssl.hpp"
#include "crypto/openssl_error.hpp"

namespace p11csr::crypto {

namespace {

DigestHandle fetch(const char* name) {
  return owned<DigestHandle>(EVP_MD_fetch(nullptr, name, nullptr), "EVP_MD_fetch");
}

}  // namespace

// EVP_sha256() and its like are looked up by name at each use.
const EVP_MD* evp_digest(Digest algorithm) {
  static const DigestHandle sha256 = fetch("SHA2-256");
  static const DigestHandle sha384 = fetch("SHA2-384");
  static const DigestHandle sha512 = fetch("SHA2-512");
  switch (algorithm) {
    case Digest::sha256:
      return sha256.get();
    case Digest::sha384:
      return sha384.get();
    case Digest::sha512:
      return sha512.get();
  }
  throw Error(Errc::unexpected, "a digest without a name");
}

Bytes digest(Digest algorithm, ByteView data) {
  Bytes result(digest_size(algorithm));
  check(EVP_Digest(data.data(), data.size(), result.data(), nullptr, evp_digest(algorithm), nullptr) == 1,
        "EVP_Digest");
  return result;
}

std::string sha256_text(ByteView data) { return to_hex(digest(Digest::sha256, data)); }

Bytes random_bytes(std::size_t count) {
  if (count > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw Error(Errc::unexpected, "too many random octets asked for at once");
  }
  Bytes result(count);
  if (count > 0) {
    check(RAND_bytes(result.data(), static_cast<int>(count)) == 1, "RAND_bytes");
  }
  return result;
}

}  // namespace p11csr::crypto
