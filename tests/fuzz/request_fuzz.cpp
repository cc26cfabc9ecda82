#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/description.hpp>

namespace {

bool drives_a_terminal(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

void check(const p11csr::x509::Description& description) {
  bool sound = !drives_a_terminal(description.subject) && !drives_a_terminal(description.issuer) &&
               !drives_a_terminal(description.not_before) && !drives_a_terminal(description.not_after);
  sound = sound &&
          std::none_of(description.subject_alt_names.begin(), description.subject_alt_names.end(), drives_a_terminal);
  if (description.key) {
    sound = sound && p11csr::crypto::PublicKey::from_spki(description.key->spki()) == *description.key;
  }
  const auto again = p11csr::x509::describe(description.der);
  sound = sound && again.subject == description.subject && again.verdict == description.verdict;
  if (!sound) std::abort();
}

}  // namespace

// Any octets are described or refused as malformed; what is shown of them cannot drive a terminal.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    check(p11csr::x509::describe({data, size}));
  } catch (const p11csr::Error& error) {
    if (error.code() != p11csr::Errc::malformed_input) std::abort();
  }
  return 0;
}
