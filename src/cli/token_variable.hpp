#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <p11csr/model/secret.hpp>

namespace p11csr::cli {

/// TokenVariable is what P11CSR_TOKEN says: a label or a URI, and the PIN that the URI had as its pin-value.
struct TokenVariable {
  std::string token;  // without a pin-value
  std::optional<Secret> pin;
};

/// is_uri says whether a token is named by an RFC 7512 URI, not by its label.
[[nodiscard]] bool is_uri(std::string_view token);

/// names_pin_source says whether the token's URI says where its PIN is.
[[nodiscard]] bool names_pin_source(std::string_view token);

/// take_token_variable reads P11CSR_TOKEN; nothing where it is not set or empty. One with a pin-value is overwritten
/// where it lies and unset: the PIN goes into a Secret and nowhere else, and no child or core dump finds it.
/// Throws Error(malformed_input) for a pin-value that RFC 7512 does not allow; the error quotes nothing of it.
[[nodiscard]] std::optional<TokenVariable> take_token_variable();

}  // namespace p11csr::cli
