#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/x509/request_source.hpp>

#include "model/quote.hpp"

// Any configuration is read or refused as malformed; no file is included, since any could be.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (p11csr::as_text({data, size}).find("include") != std::string_view::npos) return 0;
  try {
    const auto source = p11csr::x509::content_of_configuration({data, size}, std::nullopt, {});
    for (const auto& line : source.left_out) {
      if (p11csr::model::printable(line) != line) std::abort();
    }
  } catch (const p11csr::Error& error) {
    if (error.code() != p11csr::Errc::malformed_input) std::abort();
    if (p11csr::model::printable(error.what()) != error.what()) std::abort();
  }
  return 0;
}
