#pragma once

#include <string>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/signature_algorithm.hpp>

#pragma GCC visibility push(default)
namespace p11csr::crypto {

/// digest hashes data; digest_size(algorithm) octets come back. Throws Error(unexpected) where OpenSSL does not do it.
[[nodiscard]] Bytes digest(Digest algorithm, ByteView data);

/// sha256_text is the SHA-256 of data in hexadecimal, as it is shown. Throws as digest does.
[[nodiscard]] std::string sha256_text(ByteView data);

/// random_bytes gives `count` octets of OpenSSL's random generator. Throws Error(unexpected) where that fails, or for
/// 2 GiB or more.
[[nodiscard]] Bytes random_bytes(std::size_t count);

}  // namespace p11csr::crypto
#pragma GCC visibility pop
