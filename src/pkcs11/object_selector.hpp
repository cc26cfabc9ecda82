#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <p11csr/model/bytes.hpp>

#include "pkcs11/attributes.hpp"
#include "pkcs11/uri.hpp"

namespace p11csr::pkcs11 {

/// ObjectSelector is what picks a key or a certificate: a label, "id:HEX", or an RFC 7512 URI.
class ObjectSelector {
 public:
  /// of_key and of_certificate throw Error(malformed_input), also for a URI that names no object, or one of the other
  /// kind.
  [[nodiscard]] static ObjectSelector of_key(std::string_view text);
  [[nodiscard]] static ObjectSelector of_certificate(std::string_view text);

  /// uri is the URI where one was given; it may also say which token.
  [[nodiscard]] const std::optional<Uri>& uri() const noexcept { return uri_; }
  [[nodiscard]] std::optional<Uri>& uri() noexcept { return uri_; }
  /// match is the search template for objects of a class.
  [[nodiscard]] AttributeList match(CK_OBJECT_CLASS object_class) const;
  /// description is what was asked for, as errors show it, without any PIN.
  [[nodiscard]] const std::string& description() const noexcept { return description_; }

 private:
  struct Words;
  ObjectSelector() = default;
  static ObjectSelector parse(std::string_view text, const Words& words);
  std::optional<Bytes> id_;
  std::optional<std::string> label_;
  std::optional<Uri> uri_;
  std::string description_;
};

}  // namespace p11csr::pkcs11
