#pragma once

#include <memory>
#include <string>
#include <vector>

#include <p11csr/pkcs11/token_info.hpp>
#include <p11csr/workflow/sandbox.hpp>
#include <p11csr/workflow/surroundings.hpp>

#pragma GCC visibility push(default)
namespace p11csr {

/// SoftHsmToken is a throw-away SoftHSM2 token for a test, or several of them, in a folder of its own. While it lives,
/// this process and the programs that it starts find it as a command of `p11csr sandbox` does: SOFTHSM2_CONF,
/// P11CSR_MODULE, P11CSR_TOKEN, P11CSR_PIN_SOURCE and P11CSR_SANDBOX are set, and have their old values again
/// afterwards. Any number of processes may have one at once, a process one at a time: make it before threads that look
/// at the environment, and let whoever uses the module call C_Finalize before it begins and before it ends. A copy of
/// the process (fork, a death test) leaves the token alone when it ends.
///
///     // with <p11csr/workflow/keys.hpp>
///     p11csr::SoftHsmToken token({.label = "hsm", .keys = {{p11csr::parse_key_spec("ec:P-256"), "web-01"}}});
///     auto report = p11csr::workflow::show_key(token.choice(), {}, "web-01", token.surroundings());
///
/// Where the process is killed, the folder is removed by the next SoftHsmToken or `p11csr sandbox`.
class SoftHsmToken {
 public:
  /// SoftHsmToken makes the token. Throws Error where it cannot be made, module_unusable also where the process has
  /// started SoftHSM2 already; std::logic_error where the process has a SoftHsmToken.
  explicit SoftHsmToken(const workflow::SandboxOptions& options = {});
  SoftHsmToken(const SoftHsmToken&) = delete;
  SoftHsmToken& operator=(const SoftHsmToken&) = delete;
  ~SoftHsmToken();

  /// info is the first token, which has the keys.
  [[nodiscard]] const TokenInfo& info() const noexcept;
  /// tokens are all of them, in the order in which they were asked for.
  [[nodiscard]] const std::vector<TokenInfo>& tokens() const noexcept;
  /// module_path is SoftHSM2's own module.
  [[nodiscard]] const std::string& module_path() const noexcept;
  /// pin is the user PIN of all its tokens. It guards nothing.
  [[nodiscard]] const std::string& pin() const noexcept;
  /// so_pin is the security officer's PIN of all its tokens. It guards nothing.
  [[nodiscard]] const std::string& so_pin() const noexcept;
  /// folder is gone with the token; tests may keep files there.
  [[nodiscard]] const std::string& folder() const noexcept;

  /// choice names the first token to workflows.
  [[nodiscard]] workflow::TokenChoice choice() const;
  /// surroundings give the PIN that a login asks for. This SoftHsmToken outlives them.
  [[nodiscard]] workflow::Surroundings surroundings() const;

 private:
  struct State;

  std::unique_ptr<State> state_;
};

}  // namespace p11csr
#pragma GCC visibility pop
