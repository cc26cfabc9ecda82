#pragma once

#include <functional>
#include <string>

#include <p11csr/model/pin_source.hpp>
#include <p11csr/model/secret.hpp>
#include <p11csr/pkcs11/token_info.hpp>

namespace p11csr::cli {

/// SecretWanted says what a secret is for, in the words of prompts and errors.
struct SecretWanted {
  std::string name;    // "PIN"
  std::string prompt;  // "PIN of the token 'hsm': "
  std::string flag;    // the flag that says where it is
};

/// read_secret fetches a secret from its source. One final line end of a file, a descriptor or a command's output is
/// not part of it. Throws Error(pin_missing), Error(file_failed) or Error(interrupted); no error quotes the secret.
[[nodiscard]] Secret read_secret(const PinSource& source, const SecretWanted& wanted);

/// read_pin is read_secret for a PIN that a token has; read_new_pin for one that it is to get, which a prompt asks for
/// twice. A blank token is given its SO PIN: that counts as a new one.
[[nodiscard]] Secret read_pin(const PinSource& source, PinOwner owner, const TokenInfo& token);
[[nodiscard]] Secret read_new_pin(const PinSource& source, PinOwner owner, const TokenInfo& token);

}  // namespace p11csr::cli
