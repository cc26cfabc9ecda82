#include "x509/armor.hpp"

#include <algorithm>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <optional>

#include <p11csr/model/error.hpp>

#include "crypto/openssl.hpp"
#include "crypto/openssl_error.hpp"
#include "x509/text.hpp"

namespace p11csr::x509 {
namespace {

constexpr std::string_view boundary = "-----BEGIN ";

struct RawBlock {
  PemBlock block;
  bool has_headers;
};

/// Empty when no further block begins.
std::optional<RawBlock> next_block(BIO* bio) {
  char* name = nullptr;
  char* headers = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  const int done = PEM_read_bio(bio, &name, &headers, &data, &size);
  const crypto::Handle<char, crypto::free_memory> name_owner(name);
  const crypto::Handle<char, crypto::free_memory> headers_owner(headers);
  const crypto::OwnedMemory data_owner(data);
  if (done != 1) {
    if (ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE) {
      crypto::forget_errors();
      return std::nullopt;
    }
    throw crypto::openssl_error(Errc::malformed_input, "the PEM block cannot be read",
                                "get the file anew; its base64 is damaged or cut");
  }
  return RawBlock{{name, Bytes(data, data + size)}, headers != nullptr && headers[0] != '\0'};
}

}  // namespace

bool looks_like_pem(ByteView input) {
  // Any request or certificate in DER holds an INTEGER, whose tag 0x02 is no character of a text; so one that has a PEM
  // boundary inside a name is still DER.
  const auto is_text = [](std::uint8_t octet) {
    return octet >= 0x20 || (octet >= 0x08 && octet <= 0x0d) || octet == 0x1b;
  };
  return as_text(input).find(boundary) != std::string_view::npos && std::all_of(input.begin(), input.end(), is_text);
}

std::vector<PemBlock> read_pem_blocks(ByteView input) {
  const auto bio = crypto::owned<crypto::BioHandle>(BIO_new_mem_buf(input.data(), static_cast<int>(input.size())),
                                                    "BIO_new_mem_buf");
  std::vector<PemBlock> blocks;
  while (auto next = next_block(bio.get())) {
    if (next->has_headers)
      throw Error(Errc::malformed_input, "the PEM block '" + escape(next->block.label) + "' is encrypted",
                  "give a certification request or a certificate, which never are");
    blocks.push_back(std::move(next->block));
  }
  if (blocks.empty())
    throw Error(Errc::malformed_input, "no PEM block begins in the input", "give one that begins with -----BEGIN");
  return blocks;
}

PemBlock read_pem(ByteView input) {
  auto blocks = read_pem_blocks(input);
  if (blocks.size() > 1)
    throw Error(Errc::malformed_input, "there is more than one PEM block in the input",
                "give each in a file of its own");
  return std::move(blocks.front());
}

}  // namespace p11csr::x509
