#include <cstdint>
#include <cstdlib>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/model/request_spec.hpp>
#include <p11csr/x509/certification_request.hpp>

#include "model/quote.hpp"

// A raw extension is encoded or refused as malformed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    p11csr::ExtensionRequest extensions;
    extensions.raw.push_back(p11csr::RawExtension::parse(p11csr::as_text({data, size})));
    p11csr::x509::check_encodable({p11csr::Subject::parse("CN=a"), std::move(extensions)});
  } catch (const p11csr::Error& error) {
    if (error.code() != p11csr::Errc::malformed_input) std::abort();
    if (p11csr::model::printable(error.what()) != error.what()) std::abort();
  }
  return 0;
}
