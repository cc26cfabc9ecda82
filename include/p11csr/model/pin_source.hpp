#pragma once

#include <string>
#include <string_view>
#include <variant>

#pragma GCC visibility push(default)
namespace p11csr {

/// PinOwner is whose PIN one is: the user's, or the security officer's (the SO PIN).
enum class PinOwner { user, security_officer };

/// pin_name is what prompts and errors call that PIN: "PIN", "SO PIN".
[[nodiscard]] std::string_view pin_name(PinOwner owner);

/// PinFromPrompt has a person asked.
struct PinFromPrompt {};
/// PinFromEnvironment names an environment variable.
struct PinFromEnvironment {
  std::string name;
};
/// PinFromFile names a file; the PIN is all of it but a line end at its end. So it is with a descriptor and a command.
struct PinFromFile {
  std::string path;
};
/// PinFromDescriptor is an open file descriptor, read to its end.
struct PinFromDescriptor {
  int fd;
};
/// PinFromCommand is a command for the shell, which writes the PIN to its standard output.
struct PinFromCommand {
  std::string command;
};
/// PinFromCredential names a systemd credential: a file in $CREDENTIALS_DIRECTORY.
struct PinFromCredential {
  std::string name;
};

/// PinSource is where a PIN comes from. None of these holds a PIN.
using PinSource =
    std::variant<PinFromPrompt, PinFromEnvironment, PinFromFile, PinFromDescriptor, PinFromCommand, PinFromCredential>;

/// parse_pin_source reads "prompt", "env:NAME", "file:PATH", "fd:N", "command:CMD" or "credential:NAME".
/// Throws Error(usage) that says whose source it is: `secret` names it. The text is quoted only up to its kind, since
/// somebody may have typed the secret itself there.
[[nodiscard]] PinSource parse_pin_source(std::string_view text, std::string_view secret = "PIN");

}  // namespace p11csr
#pragma GCC visibility pop
