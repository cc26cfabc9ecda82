#pragma once

#include <idn2.h>
#include <string>
#include <string_view>

namespace p11csr::model {

/// Idna turns names into A-labels with libidn2 (IDNA 2008, RFC 5891, non-transitional). The library is loaded when it
/// is first needed: linking it would cost every start of the program time that most names do not need.
class Idna {
 public:
  /// Throws Error(unexpected) where the library cannot be loaded.
  explicit Idna(const char* library_name = "libidn2.so.0");

  /// shared is the one instance, loaded by the first call.
  [[nodiscard]] static const Idna& shared();

  /// to_a_labels gives a name of A-labels and other ASCII labels, lower case. Throws Error(malformed_input) that
  /// quotes the name and says why IDNA refuses it.
  [[nodiscard]] std::string to_a_labels(std::string_view utf8_name) const;

  /// is_a_label tells whether a label "xn--…" stands for a U-label that leads back to it (RFC 5890, 2.3.2.1).
  [[nodiscard]] bool is_a_label(std::string_view label) const;

 private:
  decltype(&idn2_lookup_u8) lookup_;
  decltype(&idn2_to_unicode_8z8z) to_unicode_;
  decltype(&idn2_strerror) strerror_;
  decltype(&idn2_free) free_;
};

}  // namespace p11csr::model
