#include <cstdint>
#include <cstdlib>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/error.hpp>
#include <p11csr/model/extension_request.hpp>

namespace {

template <typename Parse>
void refuse_or_take(Parse parse, std::string_view text) {
  try {
    parse(text);
  } catch (const p11csr::Error& error) {
    if (error.code() != p11csr::Errc::malformed_input) std::abort();
  }
}

}  // namespace

// What is read keeps what its type promises, and nothing but an Error comes out of what is not.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = p11csr::as_text({data, size});
  refuse_or_take([](auto list) { return p11csr::KeyUsage::parse(list).bits().empty() ? std::abort() : void(); }, text);
  refuse_or_take(
      [](auto list) { return p11csr::ExtendedKeyUsage::parse(list).purposes().empty() ? std::abort() : void(); }, text);
  refuse_or_take(
      [](auto constraints) {
        const auto parsed = p11csr::BasicConstraints::parse(constraints);
        if (parsed.path_length && !parsed.ca) std::abort();
      },
      text);
  refuse_or_take(
      [](auto raw) {
        const auto extension = p11csr::RawExtension::parse(raw);
        if (extension.is_der ? extension.der.empty() : extension.asn1.empty()) std::abort();
      },
      text);
  return 0;
}
