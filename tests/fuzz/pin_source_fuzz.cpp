#include <cstdint>
#include <cstdlib>
#include <string>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/model/pin_source.hpp>

namespace {

p11csr::Error refusal(const std::string& text) {
  try {
    static_cast<void>(p11csr::parse_pin_source(text));
  } catch (const p11csr::Error& error) {
    if (error.code() != p11csr::Errc::usage) std::abort();
    return error;
  }
  std::abort();  // no such source exists
}

/// Another secret that is refused for the same reason: a NUL is told from other characters.
std::string other_secret(const std::string& secret) {
  return secret.find('\0') == std::string::npos ? "\x01other\x01" : std::string("\x01\0\x01", 3);
}

}  // namespace

// Whatever is refused, the message and the hint say nothing of what was typed: they are the same for other text of
// the same kind, however they would quote it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string secret = "\x01" + std::string(p11csr::as_text({data, size})) + "\x01";
  for (const std::string kind : {"", "prompt:", "env:", "fd:", "credential:/", "pin:"}) {
    const p11csr::Error error = refusal(kind + secret);
    const p11csr::Error other = refusal(kind + other_secret(secret));
    if (std::string(error.what()) != other.what() || error.hint() != other.hint()) std::abort();
  }
  return 0;
}
