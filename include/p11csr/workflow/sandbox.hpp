#pragma once

#include <optional>
#include <string>

#include <p11csr/pkcs11/token_info.hpp>
#include <p11csr/workflow/surroundings.hpp>

#pragma GCC visibility push(default)
namespace p11csr::workflow {

/// SandboxOptions says what token a sandbox gets.
struct SandboxOptions {
  std::optional<std::string> module;  // SoftHSM2's file; looked for where absent
  bool trust_module = false;          // load it although others could write to it
  std::string label = "sandbox";      // 1 to 32 octets of UTF-8
};

/// Sandbox is a folder, readable by this user alone, with a SoftHSM2 configuration of its own, and it is gone with
/// the Sandbox. Move-only.
class Sandbox {
 public:
  /// in makes the folder below another one, such as /tmp, without a token yet. Throws Error(file_failed).
  [[nodiscard]] static Sandbox in(const std::string& parent);

  /// Sandbox takes over the folder of another one, which has none then.
  Sandbox(Sandbox&& other) noexcept;
  Sandbox& operator=(Sandbox&&) = delete;
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  ~Sandbox();

  /// folder is its path.
  [[nodiscard]] const std::string& folder() const noexcept { return folder_; }
  /// configuration is the path of softhsm2.conf, for SOFTHSM2_CONF.
  [[nodiscard]] std::string configuration() const { return folder_ + "/softhsm2.conf"; }
  /// pin_file is the path of the file (0600) that holds the user PIN and a line end, once there is a token.
  [[nodiscard]] std::string pin_file() const { return folder_ + "/pin"; }

  /// add_token makes the token, with random PINs, and unloads the module again. SOFTHSM2_CONF must name
  /// configuration() in the environment of this process. A module that shows any other token is refused, and so is one
  /// that is not SoftHSM2: nothing but the sandbox's own token is ever initialised. Throws Error.
  [[nodiscard]] TokenInfo add_token(const SandboxOptions& options, const Surroundings& surroundings) const;

  /// remove deletes the folder; false where something of it is left. May be called from any thread.
  [[nodiscard]] bool remove() const noexcept;

 private:
  explicit Sandbox(std::string folder) : folder_(std::move(folder)) {}

  std::string folder_;  // empty in a moved-from Sandbox
};

}  // namespace p11csr::workflow
#pragma GCC visibility pop
