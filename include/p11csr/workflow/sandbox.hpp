#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <p11csr/model/key_spec.hpp>
#include <p11csr/pkcs11/token_info.hpp>
#include <p11csr/workflow/surroundings.hpp>

#pragma GCC visibility push(default)
namespace p11csr::workflow {

/// SandboxKey is a key pair that a sandbox's first token has from the start.
struct SandboxKey {
  KeySpec kind;
  std::string label;
};

/// SandboxOptions says what tokens a sandbox gets. They have the same PINs.
struct SandboxOptions {
  std::optional<std::string> module{};  // SoftHSM2's file; looked for where absent
  bool trust_module = false;            // load it although others could write to it
  std::string label = "sandbox";        // 1 to 32 octets of UTF-8; of several tokens: label-1, label-2, …
  unsigned tokens = 1;                  // or more
  std::vector<SandboxKey> keys = {};
};

class SandboxFolder;

/// Sandbox is a folder, readable by this user alone, with a SoftHSM2 configuration of its own, and it is gone with
/// the Sandbox. Where the process is killed, it is gone with the next Sandbox that is made beside it, once no program
/// that this process has started is left: one that has inherited its descriptors, or has its path in its environment. A
/// copy of the process (fork) removes nothing when it ends. Move-only.
class Sandbox {
 public:
  /// usual_place is where sandboxes are made: $TMPDIR, else memory (/dev/shm), where a token is made faster than on a
  /// disk, else /tmp.
  [[nodiscard]] static std::string usual_place();
  /// in makes the folder below another one, without a token yet. Throws Error(file_failed).
  [[nodiscard]] static Sandbox in(const std::string& parent);

  /// Sandbox takes over the folder of another one, which can only be destroyed then.
  Sandbox(Sandbox&& other) noexcept;
  Sandbox& operator=(Sandbox&&) = delete;
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  ~Sandbox();

  /// folder is its path.
  [[nodiscard]] const std::string& folder() const noexcept;
  /// configuration is the path of softhsm2.conf, for SOFTHSM2_CONF.
  [[nodiscard]] std::string configuration() const { return folder() + "/softhsm2.conf"; }
  /// pin_file is the path of the file (0600) that holds the user PIN and nothing else, once there is a token.
  [[nodiscard]] std::string pin_file() const { return folder() + "/pin"; }
  /// so_pin_file is the same with the security officer's PIN.
  [[nodiscard]] std::string so_pin_file() const { return folder() + "/so-pin"; }

  /// add_tokens makes the tokens, with random PINs, and unloads the module again. SOFTHSM2_CONF must name
  /// configuration() in the environment of this process. A module that shows any other token is refused, and so is one
  /// that is not SoftHSM2, or that this process has started already and not yet ended (C_Finalize): nothing but the
  /// sandbox's own tokens is ever initialised. Throws Error: usage without a token, module_unusable, token_failed, and
  /// what generate_key throws for the keys.
  [[nodiscard]] std::vector<TokenInfo> add_tokens(const SandboxOptions& options,
                                                  const Surroundings& surroundings) const;

  /// keep lets the folder stay for good. `environment`, what a shell reads to use it again, is written to the file that
  /// it gives the path of. Throws Error(file_failed).
  std::string keep(const std::string& environment);

  /// remove deletes the folder unless it is kept; false where something of it is left. May be called from any thread.
  [[nodiscard]] bool remove() const noexcept;

 private:
  explicit Sandbox(std::unique_ptr<SandboxFolder> folder);

  std::unique_ptr<SandboxFolder> folder_;  // empty in a moved-from Sandbox
};

}  // namespace p11csr::workflow
#pragma GCC visibility pop
