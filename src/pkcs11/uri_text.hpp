#pragma once

#include <string>
#include <string_view>

#include <p11csr/model/bytes.hpp>

#include "pkcs11/cryptoki.hpp"

namespace p11csr::pkcs11 {

/// ObjectClass is what RFC 7512 calls "type".
enum class ObjectClass { private_key, public_key, certificate };

/// token_uri formats the URI of a token: label, manufacturer, model and serial as C_GetTokenInfo gave them.
[[nodiscard]] std::string token_uri(const CK_TOKEN_INFO& token);

/// object_uri formats the URI of an object on the token whose URI is `token` (as token_uri made it).
/// An empty id or label is left out.
[[nodiscard]] std::string object_uri(const std::string& token, ByteView id, std::string_view label,
                                     ObjectClass object_class);

}  // namespace p11csr::pkcs11
