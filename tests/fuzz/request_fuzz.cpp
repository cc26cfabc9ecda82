#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <p11csr/model/error.hpp>
#include <p11csr/x509/description.hpp>

#include "model/quote.hpp"

namespace {

bool shown_as_it_is(std::string_view text) { return p11csr::model::printable(text) == text; }

/// For text of several lines.
bool lines_shown_as_they_are(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '\n'), text.end());
  return shown_as_it_is(text);
}

bool all_shown_as_they_are(const p11csr::x509::Description& description) {
  for (const std::string& text :
       {description.subject, description.issuer, description.serial_number, description.not_before,
        description.not_after, description.key_algorithm, description.signature_algorithm,
        description.signature_parameters.digest, description.signature_parameters.mgf_digest}) {
    if (!shown_as_it_is(text)) return false;
  }
  for (const auto& attribute : description.attributes) {
    if (!shown_as_it_is(attribute.oid) || !shown_as_it_is(attribute.name)) return false;
  }
  for (const auto& extension : description.extensions) {
    if (!shown_as_it_is(extension.oid) || !shown_as_it_is(extension.name)) return false;
    if (!lines_shown_as_they_are(extension.text)) return false;
  }
  const auto& names = description.subject_alt_names;
  return std::all_of(names.begin(), names.end(), shown_as_it_is) &&
         std::all_of(description.notes.begin(), description.notes.end(), shown_as_it_is);
}

void check(const p11csr::x509::Description& description) {
  bool sound = all_shown_as_they_are(description);
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
