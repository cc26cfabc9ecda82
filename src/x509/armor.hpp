#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <p11csr/model/bytes.hpp>

namespace p11csr::x509 {

/// PemBlock is one RFC 7468 block.
struct PemBlock {
  std::string label;
  Bytes der;
};

/// looks_like_pem tells text with a PEM boundary from DER.
[[nodiscard]] bool looks_like_pem(ByteView input);

/// read_pem_blocks reads all blocks in a text, at least one. Throws Error(malformed_input), also for an encrypted one.
[[nodiscard]] std::vector<PemBlock> read_pem_blocks(ByteView input);

/// read_pem reads the one block in a text. Throws Error(malformed_input) when there is none that is whole, or more.
[[nodiscard]] PemBlock read_pem(ByteView input);

}  // namespace p11csr::x509
