#include <cstdint>
#include <cstdlib>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/request_source.hpp>

#include "model/quote.hpp"

// The content of any octets is taken or refused, and what is said of it cannot deceive.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto source = p11csr::x509::content_of_document({data, size}, {});
    for (const auto& line : source.left_out) {
      if (p11csr::model::printable(line) != line) std::abort();
    }
  } catch (const p11csr::Error& error) {
    const bool expected =
        error.code() == p11csr::Errc::malformed_input || error.code() == p11csr::Errc::verification_failed;
    if (!expected || p11csr::model::printable(error.what()) != error.what()) std::abort();
  }
  return 0;
}
