#include "crypto/pem.hpp"

#include <openssl/pem.h>

#include "crypto/openssl.hpp"
#include "crypto/openssl_error.hpp"

namespace p11csr::crypto {

std::string to_pem(std::string_view label, ByteView der) {
  const auto bio = owned<BioHandle>(BIO_new(BIO_s_mem()), "BIO_new");
  check(PEM_write_bio(bio.get(), std::string(label).c_str(), "", der.data(), static_cast<long>(der.size())) > 0,
        "PEM_write_bio");
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace p11csr::crypto
