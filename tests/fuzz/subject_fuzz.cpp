#include <cstdint>
#include <cstdlib>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/model/subject.hpp>

// A Subject that text gives is written as text that gives the same Subject.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto subject = p11csr::Subject::parse(p11csr::as_text({data, size}));
    if (p11csr::Subject::parse(subject.to_string()) != subject) std::abort();
  } catch (const p11csr::Error& error) {
    if (error.code() != p11csr::Errc::malformed_input) std::abort();
  }
  return 0;
}
