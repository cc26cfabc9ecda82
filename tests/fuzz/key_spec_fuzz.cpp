#include <cstdint>
#include <cstdlib>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/model/key_spec.hpp>

// A key kind that text gives is written as text that gives the same kind.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto key = p11csr::parse_key_spec(p11csr::as_text({data, size}));
    if (p11csr::parse_key_spec(p11csr::to_string(key)) != key) std::abort();
  } catch (const p11csr::Error& error) {
    if (error.code() != p11csr::Errc::usage) std::abort();
  }
  return 0;
}
