#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <p11csr/model/bytes.hpp>

#include "crypto/openssl.hpp"

namespace p11csr::test {

/// ForgedRequest makes signed requests that p11csr itself would never write.
class ForgedRequest {
 public:
  ForgedRequest();

  /// add_name adds an RDN whose value has any octets and any V_ASN1_ type.
  ForgedRequest& add_name(std::string_view oid, int type, std::string_view value);
  /// add_attribute adds an attribute whose value is any octets inside any V_ASN1_ type.
  ForgedRequest& add_attribute(std::string_view oid, int type, ByteView content);
  /// add_empty_attribute adds one whose SET of values is empty.
  ForgedRequest& add_empty_attribute(std::string_view oid);
  /// add_extensions adds one extensionRequest attribute.
  struct Extension {
    std::string oid;
    Bytes value;
    bool critical = false;
  };
  ForgedRequest& add_extensions(const std::vector<Extension>& extensions);

  [[nodiscard]] Bytes der();

 private:
  crypto::KeyHandle key_;
  crypto::RequestHandle request_;
};

/// tlv is one DER element around short content, whatever that is.
[[nodiscard]] Bytes tlv(std::uint8_t identifier, std::string_view content);

}  // namespace p11csr::test
