#include "crypto/openssl_error.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <utility>

namespace p11csr::crypto {

Error openssl_error(Errc code, std::string_view message, std::string hint) {
  // The last entry was raised closest to the call that failed us; earlier ones are its causes and often only noise.
  const unsigned long last = ERR_peek_last_error();
  const char* reason = last != 0 ? ERR_reason_error_string(last) : nullptr;
  ERR_clear_error();
  if (reason == nullptr) {
    return {code, std::string(message), std::move(hint)};
  }
  return {code, fmt::format("{}: {}", message, reason), std::move(hint)};
}

void forget_errors() noexcept { ERR_clear_error(); }

void check(bool success, std::string_view function) {
  if (!success) {
    throw openssl_error(Errc::unexpected, fmt::format("OpenSSL's {} failed", function));
  }
}

}  // namespace p11csr::crypto
