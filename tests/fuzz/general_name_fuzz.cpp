#include <cstdint>
#include <cstdlib>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/model/general_name.hpp>

// A name that text gives is written as text that gives the same name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto name = p11csr::parse_general_name(p11csr::as_text({data, size}));
    if (p11csr::parse_general_name(p11csr::to_string(name)) != name) std::abort();
  } catch (const p11csr::Error& error) {
    if (error.code() != p11csr::Errc::malformed_input) std::abort();
  }
  return 0;
}
