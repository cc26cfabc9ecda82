#pragma once

#include <mutex>

#include <p11csr/crypto/public_key.hpp>

#include "crypto/openssl.hpp"

namespace p11csr::crypto {

/// PublicKey::Loaded is OpenSSL's form of a key. To make it costs a tenth of a verification, and several threads verify
/// with one key.
struct PublicKey::Loaded {
  std::once_flag once;
  KeyHandle key;  // null where OpenSSL does not know the kind of key
};

}  // namespace p11csr::crypto
