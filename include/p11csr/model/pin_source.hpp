#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace p11csr {

/// PinOwner is whose PIN one is: the user's, or the security officer's (the SO PIN).
enum class PinOwner { user, security_officer };

/// pin_name is what prompts and errors call that PIN: "PIN", "SO PIN".
[[nodiscard]] std::string_view pin_name(PinOwner owner);

/// Where a PIN comes from. None of these holds a PIN.
struct PinFromPrompt {};
struct PinFromEnvironment {
  std::string name;
};
struct PinFromFile {
  std::string path;
};
struct PinFromDescriptor {
  int fd;
};
struct PinFromCommand {
  std::string command;
};
/// PinFromCredential names a systemd credential: a file in $CREDENTIALS_DIRECTORY.
struct PinFromCredential {
  std::string name;
};

using PinSource =
    std::variant<PinFromPrompt, PinFromEnvironment, PinFromFile, PinFromDescriptor, PinFromCommand, PinFromCredential>;

/// parse_pin_source reads "prompt", "env:NAME", "file:PATH", "fd:N", "command:CMD" or "credential:NAME".
/// Throws Error(usage) that says whose source it is: `secret` names it. The text is quoted only up to its kind, since
/// somebody may have typed the secret itself there.
[[nodiscard]] PinSource parse_pin_source(std::string_view text, std::string_view secret = "PIN");

}  // namespace p11csr
