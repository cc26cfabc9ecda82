#include <openssl/crypto.h>
#include <openssl/opensslv.h>

#include <p11csr/model/version.hpp>
#include <p11csr/workflow/versions.hpp>

namespace p11csr::workflow {

Versions versions() {
  return {.library = std::string(library_version()),
          .openssl_built = OPENSSL_VERSION_STR,
          .openssl_running = OpenSSL_version(OPENSSL_VERSION_STRING),
          .libp11 = P11CSR_LIBP11_VERSION,
          .p11_kit = P11CSR_P11_KIT_VERSION,
          .compiler = P11CSR_COMPILER};
}

}  // namespace p11csr::workflow
