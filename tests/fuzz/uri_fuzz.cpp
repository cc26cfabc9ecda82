#include <cstdint>
#include <cstdlib>

#include <p11csr/model/error.hpp>

#include "pkcs11/uri.hpp"

using p11csr::pkcs11::Uri;

// Any text is a PKCS #11 URI or malformed; a PIN in it is not in the error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = p11csr::as_text({data, size});
  static_cast<void>(Uri::looks_like(text));
  try {
    const Uri uri = Uri::parse(text);
    static_cast<void>(uri.matches(CK_INFO{}));
    static_cast<void>(uri.matches(CK_SLOT_INFO{}, p11csr::pkcs11::SlotId{}));
    static_cast<void>(uri.matches(CK_TOKEN_INFO{}));
  } catch (const p11csr::Error& error) {
    if (error.code() != p11csr::Errc::malformed_input) std::abort();
  }
  return 0;
}
