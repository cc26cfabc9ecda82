#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include <p11csr/pkcs11/token_info.hpp>
#include <p11csr/workflow/surroundings.hpp>

#pragma GCC visibility push(default)
namespace p11csr::workflow {

/// WaitFor says whether a token is to come or to go.
enum class WaitFor { presence, removal };

/// wait_for_token comes back once a token that the choice leaves is there, with all of those, or once there is none,
/// empty. Without a choice any token counts that can hold a private key or is blank. All modules are watched, by slot
/// events and by looking; readers, cards and modules that come later are seen. Nothing is written, nobody logs in.
/// Throws Error(token_not_found) when the time has run out, Error(interrupted), and Error(module_unusable) where the
/// one module that was named does not start at first.
[[nodiscard]] std::vector<TokenInfo> wait_for_token(const TokenChoice& choice, WaitFor what,
                                                    std::optional<std::chrono::seconds> timeout,
                                                    const Surroundings& surroundings);

/// watch_tokens comes back with the tokens that the choice leaves once `enough` is true of them. It watches as
/// wait_for_token does, and asks `enough` several times a second. Throws likewise.
[[nodiscard]] std::vector<TokenInfo> watch_tokens(const TokenChoice& choice,
                                                  const std::function<bool(const std::vector<TokenInfo>&)>& enough,
                                                  const Surroundings& surroundings);

}  // namespace p11csr::workflow
#pragma GCC visibility pop
