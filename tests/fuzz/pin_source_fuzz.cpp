#include <cstdint>
#include <cstdlib>
#include <string>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/model/pin_source.hpp>

// Whatever is refused, the message and the hint say nothing of what was typed: they are the same for other text of
// the same kind.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string secret = "\x01" + std::string(p11csr::as_text({data, size})) + "\x01";
  for (const std::string kind : {"", "prompt:", "env:", "fd:", "credential:/", "pin:"}) {
    try {
      static_cast<void>(p11csr::parse_pin_source(kind + secret));
      std::abort();  // no such source exists
    } catch (const p11csr::Error& error) {
      if (error.code() != p11csr::Errc::usage) std::abort();
      if (std::string(error.what()).find(secret) != std::string::npos) std::abort();
      if (error.hint().find(secret) != std::string::npos) std::abort();
    }
  }
  return 0;
}
