#pragma once

#include <functional>
#include <string>

#include <p11csr/model/pin_source.hpp>
#include <p11csr/model/secret.hpp>
#include <p11csr/pkcs11/token_info.hpp>

namespace p11csr::cli {

/// read_pin fetches a PIN from its source. One final line end of a file, a descriptor or a command's output is not part
/// of the PIN. Throws Error(pin_missing), Error(file_failed) or Error(interrupted); no error quotes the PIN.
[[nodiscard]] Secret read_pin(const PinSource& source, const TokenInfo& token);

}  // namespace p11csr::cli
