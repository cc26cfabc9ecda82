#pragma once

#include <optional>
#include <string>
#include <vector>

#include <p11csr/model/bytes.hpp>
#include <p11csr/model/extension_request.hpp>
#include <p11csr/model/oid.hpp>
#include <p11csr/model/signature_algorithm.hpp>
#include <p11csr/model/subject.hpp>

#pragma GCC visibility push(default)
namespace p11csr::x509 {

/// Replaced lists what is given otherwise: it is neither read nor judged nor reported as left out.
struct Replaced {
  bool subject = false;
  bool digest = false;
  std::vector<Oid> extensions;
};

/// RequestSource is what an existing file says about the request to be made.
struct RequestSource {
  Subject subject;
  ExtensionRequest extensions;
  std::optional<Digest> digest;
  std::optional<std::string> unstructured_name;
  /// left_out has one line for people about each thing that was not taken; free of control characters.
  std::vector<std::string> left_out;
};

/// content_of_document takes subject and extensions out of a certificate or a certification request, PEM or DER: values
/// and order are kept, string types are chosen anew. What only an issuer can say is left out, and what belongs to a
/// key. Throws Error(malformed_input) where it cannot be read or breaks the model's rules, Error(verification_failed)
/// where the signature of a request, or of a self-issued certificate, is wrong.
[[nodiscard]] RequestSource content_of_document(ByteView input, const Replaced& replaced);

/// content_of_configuration reads what `openssl req` would, by OpenSSL's own parser: .include, variables and $ENV::NAME
/// work as they do there. Without `section` it is "req". Nobody is asked: without prompt=no the _default values count.
/// Throws Error(malformed_input) that names the section and the entry for whatever is not understood.
[[nodiscard]] RequestSource content_of_configuration(ByteView text, const std::optional<std::string>& section,
                                                     const Replaced& replaced);

}  // namespace p11csr::x509
#pragma GCC visibility pop
