#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <p11csr/model/bytes.hpp>

#include "pkcs11/attributes.hpp"
#include "pkcs11/uri.hpp"

namespace p11csr::pkcs11 {

/// KeySelector is what picks a key: a label, "id:HEX", or an RFC 7512 URI.
class KeySelector {
 public:
  /// parse throws Error(malformed_input), also for a URI that names no object or one that is not a key.
  [[nodiscard]] static KeySelector parse(std::string_view text);

  /// uri is the URI where one was given; it may also say which token.
  [[nodiscard]] const std::optional<Uri>& uri() const noexcept { return uri_; }
  [[nodiscard]] std::optional<Uri>& uri() noexcept { return uri_; }
  /// match is the search template for objects of a class.
  [[nodiscard]] AttributeList match(CK_OBJECT_CLASS object_class) const;
  /// description is what was asked for, as errors show it, without any PIN.
  [[nodiscard]] const std::string& description() const noexcept { return description_; }

 private:
  KeySelector() = default;
  std::optional<Bytes> id_;
  std::optional<std::string> label_;
  std::optional<Uri> uri_;
  std::string description_;
};

}  // namespace p11csr::pkcs11
