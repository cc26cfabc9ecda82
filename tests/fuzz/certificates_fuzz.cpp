#include <cstdint>
#include <cstdlib>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/certificate.hpp>

#include "model/quote.hpp"

// Certificates of any octets are put in order or refused: none is lost, and no name of theirs can deceive.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using p11csr::model::printable;
  try {
    auto certificates = p11csr::x509::read_certificates({data, size});
    const std::size_t count = certificates.size();
    for (const auto& certificate : certificates)
      if (printable(certificate.common_name) != certificate.common_name) std::abort();
    const auto path = p11csr::x509::order_path(std::move(certificates));
    if (1 + path.issuers.size() + path.unrelated.size() != count) std::abort();
  } catch (const p11csr::Error& error) {
    if (error.code() != p11csr::Errc::malformed_input || printable(error.what()) != error.what()) std::abort();
  }
  return 0;
}
